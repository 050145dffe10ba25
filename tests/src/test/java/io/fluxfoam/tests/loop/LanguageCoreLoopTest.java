package io.fluxfoam.tests.loop;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** {@code up --core language}: the student goes on after a kill, and nobody else with its state. */
@Tag("slow")
@Timeout(600)
class LanguageCoreLoopTest {
    private static final double STEPS_BEFORE = 40;
    private static final double STEPS_AFTER = 10;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path logs;

    @Test
    void shouldGoOnAfterAKillAndRefuseAnotherCore() throws Exception {
        Path foam = Path.of("/dev/shm/foam-core-" + ProcessHandle.current().pid());
        try (LiveLoop loop = LiveLoop.up(logs, foam, "--core", "language", "--core-layers", "1")) {
            eventually(
                    () -> "it is taught: " + loop.log("up"),
                    () -> loop.counter("student", "teacher.teacher-llm.present") == 1);
            eventually(
                    () -> "it learns: " + loop.log("up"),
                    () -> loop.counter("student", "step") > 0);
            awaitSteps(loop, STEPS_BEFORE);
            eventually(
                    () -> "it is saved: " + loop.log("up"),
                    () -> loop.counter("student", "savedStep") > 0);
            double saved = loop.counter("student", "savedStep");
            loop.kill("student");
            eventually(
                    () -> "the next life: " + loop.log("up"),
                    () ->
                            loop.mark("student").incarnation() == 2
                                    && loop.counter("student", "step") >= saved);
            awaitSteps(loop, loop.counter("student", "step") + STEPS_AFTER);
            assertEquals(List.of(), loop.counters("student").errors());

            loop.terminate("student");
            loop.startByHand("student");
            eventually(
                    () -> "it is refused: " + loop.log("student-by-hand"),
                    () -> !loop.log("student-by-hand").isBlank());
            String said = loop.log("student-by-hand").strip();
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.contains("core=language layers=1 train=norms"), said);
            assertTrue(said.contains("; to begin anew, empty "), said);
            eventually(() -> "it has ended: " + said, () -> !loop.mark("student").state().isHeld());
            loop.upProcess().destroy();
            assertEquals(1, loop.upProcess().waitFor(), "one that was refused is no clean end");
            assertTrue(loop.log("up").contains("is DEAD"), () -> loop.log("up"));
        }
    }

    private static void awaitSteps(LiveLoop loop, double wanted) throws Exception {
        for (double steps = 5; steps < wanted + 5; steps += 5) {
            double least = Math.min(steps, wanted);
            eventually(
                    () -> "steps=" + least + ": " + loop.log("up"),
                    () -> loop.counter("student", "step") >= least);
        }
    }
}
