package io.fluxfoam.tests.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged files end neither the process nor the patience of whoever reads them: the answer is a value or one clear line.
 * {@code -Dtorture.inputs=} says how many inputs each decoder gets in the long form, {@code -Dseed=} repeats a run.
 */
@Timeout(7_200)
class FuzzTest {
    private static final long SEED = Long.getLong("seed", 20261123L);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"mark", "counters", "stream", "open-stream", "manifest", "journal"})
    void shouldAnswerClearly(String decoder) throws Exception {
        feed(decoder, 1_500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mark", "counters", "stream", "open-stream", "manifest", "journal"})
    @Tag("slow")
    void shouldAnswerClearlyInTheLongRun(String decoder) throws Exception {
        feed(decoder, Long.getLong("torture.inputs", 250_000));
    }

    private void feed(String decoder, long count) throws IOException, InterruptedException {
        try (Worker worker =
                Worker.start("fuzz-" + decoder, directory, FuzzProcess.class, directory.resolve("foam"), decoder, SEED, count)) {
            int exitCode = worker.await();
            assertEquals(0, exitCode, worker::output);
            System.out.println("seed=" + SEED + " inputs=" + count + " decoder=" + worker.answer());
        }
    }
}
