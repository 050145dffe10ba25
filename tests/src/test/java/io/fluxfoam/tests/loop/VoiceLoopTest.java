package io.fluxfoam.tests.loop;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code up --voice}: the student learns to speak, and goes on speaking after kills. */
@Tag("slow")
@Timeout(600)
class VoiceLoopTest {
    private static final int HEADER_BYTES = 44;
    private static final double LEARNED = .9;
    private static final int STEPS_OF_A_WAIT = 50;
    private static final int MOST_STEPS = 1_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path logs;

    @Test
    void shouldLearnToSpeakAndGoOnAfterKills() throws Exception {
        Path foam = Path.of("/dev/shm/foam-voice-" + ProcessHandle.current().pid());
        Path said = logs.resolve("said.wav");
        try (LiveLoop loop = LiveLoop.up(logs, foam, "--voice", "--seed", "1")) {
            eventually(
                    () -> "something is said: " + loop.log("up"),
                    () -> loop.counter("student", "utterances") > 0);
            assertEquals(0, loop.run("say", "--dir", foam.toString(), "-o", said.toString()));
            assertEquals(HEADER_BYTES + 2 * 40_960, Files.size(said));
            assertEquals(0, loop.counter("teacher-voice", "cutUtterances"));

            loop.kill("teacher-voice");
            loop.kill("student");
            eventually(
                    () -> "the next life speaks: " + loop.log("up"),
                    () ->
                            loop.mark("student").incarnation() == 2
                                    && loop.counter("student", "utterances") > 0
                                    && loop.counter("student", "teacher.teacher-voice.present")
                                            == 1);
            awaitLearned(loop);
            assertEquals(List.of(), loop.counters("student").errors());
            loop.upProcess().destroy();
            assertEquals(0, loop.upProcess().waitFor(), () -> loop.log("up"));
        }
    }

    /** In steps, and each wait for some of them: one watchdog is shorter than a student needs. */
    private static void awaitLearned(LiveLoop loop) throws Exception {
        double first = loop.counter("student", "step");
        for (int steps = STEPS_OF_A_WAIT; steps <= MOST_STEPS; steps += STEPS_OF_A_WAIT) {
            double wanted = first + steps;
            eventually(
                    () -> "steps: " + loop.log("up"),
                    () -> unexplained(loop) < LEARNED || loop.counter("student", "step") >= wanted);
        }
        double left = unexplained(loop);
        assertTrue(left < LEARNED, () -> "unexplained=" + left);
    }

    private static double unexplained(LiveLoop loop) throws IOException {
        return loop.counter("evaluator", "teacher.teacher-voice.unexplainedVariance");
    }
}
