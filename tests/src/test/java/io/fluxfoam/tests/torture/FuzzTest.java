package io.fluxfoam.tests.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Damaged files end neither the process nor the patience of whoever reads them: the answer is a
 * value or one clear line. {@code -Dtorture.inputs=} says how many inputs the long form gives,
 * {@code -Dseed=} repeats a run.
 */
@Timeout(7_200)
class FuzzTest {
    private static final long SEED = Long.getLong("seed", 20261123L);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private static final List<String> DECODERS =
            List.of(
                    "mark",
                    "counters",
                    "stream",
                    "open-stream",
                    "manifest",
                    "manifest-texts",
                    "card",
                    "card-texts",
                    "payload",
                    "journal",
                    "checkpoint",
                    "checkpoint-description",
                    "replay-inputs",
                    "replay-targets",
                    "audit",
                    "exam",
                    "resume-point",
                    "tape",
                    "foam");

    /** These take milliseconds for an input, and get fewer in the long form. */
    private static final Set<String> SLOW = Set.of("manifest-texts", "replay-inputs", "foam");

    static List<String> decoders() {
        return DECODERS;
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void shouldAnswerClearly(String decoder) throws Exception {
        feed(decoder, 500);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    @Tag("slow")
    void shouldAnswerClearlyInTheLongRun(String decoder) throws Exception {
        long each = Long.getLong("torture.inputs", 1_000_000) / (DECODERS.size() - SLOW.size()) + 1;
        feed(decoder, SLOW.contains(decoder) ? each / 20 : each);
    }

    private void feed(String decoder, long count) throws IOException, InterruptedException {
        Path foam = directory.resolve("foam");
        try (Worker worker =
                Worker.start(
                        "fuzz-" + decoder,
                        directory,
                        FuzzProcess.class,
                        foam,
                        decoder,
                        SEED,
                        count)) {
            int exitCode = worker.await();
            assertEquals(0, exitCode, worker::output);
            System.out.println("seed=" + SEED + " inputs=" + count + " decoder=" + worker.answer());
        }
    }
}
