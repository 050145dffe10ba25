package io.fluxfoam.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.FoamDirectory.Owned;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a run left in its foam. Read before the foam is removed; kept if the test fails. */
final class Evidence {
    private static final Path KEPT = Path.of("target", "failed");

    private Evidence() {}

    /** What a test does to a foam and expects of it. */
    interface Check {
        void run() throws Exception;
    }

    /**
     * Runs it and reads every node's error log; if anything is wrong all files of the foam are
     * copied to {@code target}.
     */
    static void keepIfItFails(String name, FoamDirectory foam, Check check) throws Exception {
        try {
            check.run();
            List<String> errors = errors(foam);
            assertTrue(errors.isEmpty(), () -> String.join("\n", errors));
        } catch (Exception | AssertionError e) {
            e.addSuppressed(new IOException("files kept in " + keep(name, foam).toAbsolutePath()));
            throw e;
        }
    }

    /** Every entry of every error log that is left, of the dead too. */
    private static List<String> errors(FoamDirectory foam) throws IOException {
        List<String> errors = new ArrayList<>();
        for (String node : foam.nodes()) {
            for (Owned file : foam.filesOf(node)) {
                if (file.fileName().endsWith(".counters")) {
                    CountersSnapshot.read(foam.path().resolve(file.fileName()))
                            .errors()
                            .forEach(error ->
                                    errors.add(
                                            file.fileName()
                                                    + " "
                                                    + error.count()
                                                    + "x "
                                                    + error.text()));
                }
            }
        }
        return errors;
    }

    private static Path keep(String name, FoamDirectory foam) throws IOException {
        Path kept = Files.createDirectories(KEPT.resolve(name + "-" + System.currentTimeMillis()));
        try (Stream<Path> files = Files.walk(foam.path())) {
            for (Path file : files.toList()) {
                Path copy = kept.resolve(foam.path().relativize(file).toString());
                try {
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copy);
                    } else {
                        Files.copy(file, copy);
                    }
                } catch (NoSuchFileException e) {
                    continue; // its owner lives and has removed it
                }
            }
        }
        return kept;
    }
}
