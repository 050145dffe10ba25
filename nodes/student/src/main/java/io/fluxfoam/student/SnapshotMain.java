package io.fluxfoam.student;

import io.fluxfoam.launch.Commands;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.checkpoint.CheckpointStore;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code ./foam snapshot}: what a student has learned so far, as a file. */
@Command(
        name = "foam snapshot",
        mixinStandardHelpOptions = true,
        description =
                "Keep what a student has learned, as it was last saved, in a file: of a living foam, which"
                        + " is not disturbed, or of a dead one. Go on from it: foam resume FILE; look at"
                        + " it: foam student inspect FILE.")
public final class SnapshotMain implements Callable<Integer> {
    @Mixin private StudentState state;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            required = true,
            description = "The file, which must not be there.")
    private Path file;

    private SnapshotMain() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(Commands.execute(line(), args));
    }

    static CommandLine line() {
        return Commands.line(new SnapshotMain());
    }

    @Override
    public Integer call() throws IOException {
        Path out = file.toAbsolutePath().normalize();
        if (Files.exists(out)) {
            throw new IOException("there is a file already: " + out);
        }
        Path directory = state.directory();
        Checkpoint written =
                new CheckpointStore(directory)
                        .copyTo(out, e -> System.err.println(Commands.reason(e)))
                        .orElseThrow(
                                () -> new IOException("no student has saved there: " + directory));
        System.out.printf(
                Locale.ROOT,
                "%s: step=%d loss=%.4f width=%s bytes=%d%n",
                out,
                written.step(),
                written.loss(),
                written.width(),
                Files.size(out));
        return 0;
    }
}
