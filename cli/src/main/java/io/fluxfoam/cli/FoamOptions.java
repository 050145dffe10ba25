package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.launch.Commands;
import io.fluxfoam.liveness.FoamDirectory;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;

/** Which foam a command is about. */
final class FoamOptions {
    @Option(
            names = {"--dir", "--foam"},
            paramLabel = "DIR",
            description = "Directory of the foam (default: $FOAM_DIR or /dev/shm/foam-UID).")
    private Path directory;

    Path directory() {
        return (directory == null ? FoamDirectory.defaultPath() : directory)
                .toAbsolutePath()
                .normalize();
    }

    /** The foam, which must be there. */
    FoamDirectory open() throws IOException {
        return FoamDirectory.open(directory());
    }

    /** Looks at the foam; of damaged files it tells on standard error. */
    StatusProbe probe() throws IOException {
        return new StatusProbe(open(), e -> System.err.println(Commands.reason(e)));
    }
}
