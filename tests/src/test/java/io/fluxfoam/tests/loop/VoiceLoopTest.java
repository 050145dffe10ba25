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

/**
 * {@code up --voice}: the student learns to speak, an ear hears it, and both go on after kills. To
 * be run on a machine that has two processors to spare.
 */
@Tag("slow")
@Timeout(600)
class VoiceLoopTest {
    private static final int HEADER_BYTES = 44;
    private static final double LEARNED = .9;
    private static final int STEPS_OF_A_WAIT = 10;
    private static final int MOST_STEPS = 1_000;
    private static final int MOST_UTTERANCES = 100;
    private static final String SEEN_WORDS = "set.0.sentences.seenWords.";

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

            if (LiveLoop.hasSpeech()) {
                awaitEar(loop, 1);
                loop.kill("ear");
            }
            loop.kill("teacher-voice");
            loop.kill("student");
            eventually(
                    () -> "the next life speaks: " + loop.log("up"),
                    () ->
                            loop.mark("student").incarnation() == 2
                                    && loop.counter("student", "utterances") > 0
                                    && loop.counter("student", "teacher.teacher-voice.present")
                                            == 1);
            if (LiveLoop.hasSpeech()) {
                awaitEar(loop, 2);
                awaitHeard(loop);
                assertEquals(List.of(), loop.counters("ear").errors());
            }
            awaitLearned(loop);
            assertEquals(List.of(), loop.counters("student").errors());
            assertEquals(List.of(), loop.counters("evaluator").errors());
            loop.upProcess().destroy();
            assertEquals(0, loop.upProcess().waitFor(), () -> loop.log("up"));
        }
    }

    private static void awaitEar(LiveLoop loop, long incarnation) throws Exception {
        eventually(
                () -> "an ear hears it: " + loop.log("up"),
                () ->
                        loop.mark("ear").incarnation() == incarnation
                                && loop.counter("ear", "knownSentences") > 20
                                && loop.counter("ear", "heardUtterances") > 0);
    }

    /** The evaluator asks the ear, once that has heard enough of a set whose captions it knows. */
    private static void awaitHeard(LiveLoop loop) throws Exception {
        double first = loop.counter("ear", "heardUtterances");
        for (int count = 5; count <= MOST_UTTERANCES && !isHeard(loop); count += 5) {
            double wanted = first + count;
            eventually(
                    () -> "utterances: " + loop.log("up"),
                    () -> isHeard(loop) || loop.counter("ear", "heardUtterances") >= wanted);
        }
        assertTrue(isHeard(loop), "the ear judges");
        double spoken = loop.counter("evaluator", SEEN_WORDS + "spoken");
        assertTrue(spoken >= 0 && spoken <= 1, "spoken=" + spoken);
    }

    private static boolean isHeard(LiveLoop loop) throws IOException {
        return loop.counter("evaluator", SEEN_WORDS + "ear") == 1;
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
