package io.fluxfoam.student;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.liveness.FoamDirectory;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which student's state a command is about; it may live or be dead. */
final class StudentState {
    @Option(
            names = {"--dir", "--foam"},
            paramLabel = "DIR",
            description = "Directory of the foam (default: $FOAM_DIR or /dev/shm/foam-UID).")
    private Path directory;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where the nodes keep their state, if up was given --state DIR.")
    private Path state;

    @Option(
            names = "--node",
            paramLabel = "NODE",
            defaultValue = LoopNodes.STUDENT,
            description = "The student (default: ${DEFAULT-VALUE}).")
    private String node;

    /** Where its checkpoints are. */
    Path directory() throws IOException {
        Path root = root().resolve("state").resolve(node);
        if (!Files.isDirectory(root)) {
            throw new IOException("no student has kept anything there: " + root);
        }
        return root;
    }

    /** Where its journal is, which may not be there. */
    Path journal() {
        return root().resolve("journal").resolve(node);
    }

    private Path root() {
        return state != null
                ? state.toAbsolutePath().normalize()
                : (directory == null ? FoamDirectory.defaultPath() : directory)
                        .toAbsolutePath()
                        .normalize();
    }
}
