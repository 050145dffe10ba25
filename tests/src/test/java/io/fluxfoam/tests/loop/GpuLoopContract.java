package io.fluxfoam.tests.loop;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The real loop with all its streams in a GPU's memory: teachers send what the CPU computed, the
 * student fuses it there.
 */
@Timeout(600)
abstract class GpuLoopContract {
    private static final String JOINS = "read.teacher-vision/features.joins";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /** Variables of all processes. */
    abstract Map<String, String> environment();

    /** Remembers what a node, soon dead, has exported of the device's memory. */
    abstract void note(LiveLoop loop, String node) throws IOException;

    /** Whether a process has memory open that is remembered. */
    abstract boolean hasMemoryOfTheDead() throws IOException;

    /** Whether the device has as much free memory as before the loop. */
    abstract boolean isMemoryBack() throws IOException;

    @Test
    void shouldLearnInTheGpusMemoryWhileATeacherAndTheStudentAreKilled() throws Exception {
        Path foamPath = Path.of("/dev/shm/foam-test-" + UUID.randomUUID());
        try (LiveLoop loop =
                LiveLoop.up(
                        environment(), directory, foamPath, "--seed", "1", "--device", "cuda:0")) {
            LoopTest.awaitLoop(loop);
            assertOnGpu(loop);
            kill(loop, "teacher-vision");
            eventually(
                    "the student reads its next life", () -> loop.counter("student", JOINS) == 2);
            eventually(
                    "its region is there",
                    () -> loop.counter("student", "teacher.teacher-vision.present") == 1);
            double saved = loop.counter("student", "savedStep");
            double audited = loop.counter("evaluator", "trainedFramesAudited");
            kill(loop, "student");
            eventually(
                    () -> "the student steps\n" + loop.log("up"),
                    () -> loop.counter("student", "step") > saved);
            eventually(
                    "its steps are audited",
                    () -> loop.counter("evaluator", "trainedFramesAudited") > audited);
            assertOnGpu(loop);
            LoopTest.assertNoTornTensorAndNoError(loop);
            for (String node : LiveLoop.nodes()) {
                note(loop, node);
            }
            loop.upProcess().destroy();
            assertTrue(loop.upProcess().waitFor(60, TimeUnit.SECONDS), () -> loop.log("up"));
            assertEquals(0, loop.upProcess().exitValue(), () -> loop.log("up"));
            assertFalse(Files.exists(foamPath));
        }
        eventually("the device's memory is free again", this::isMemoryBack);
    }

    private void kill(LiveLoop loop, String victim) throws Exception {
        long incarnation = loop.mark(victim).incarnation();
        note(loop, victim);
        loop.kill(victim);
        eventually(
                () -> victim + " is back\n" + loop.log("up"),
                () ->
                        loop.state(victim).equals("ALIVE")
                                && loop.mark(victim).incarnation() > incarnation);
        eventually("nobody has the dead one's memory open", () -> !hasMemoryOfTheDead());
    }

    /** Not a byte of a teacher's tensor comes to the student's host before it is fused. */
    private static void assertOnGpu(LiveLoop loop) throws Exception {
        for (String node : LiveLoop.nodes()) {
            assertEquals(
                    node.equals("coordinator") ? "host" : "cuda:0", loop.node(node).device(), node);
        }
        eventually(
                "the student fuses on the GPU", () -> loop.counter("student", "fusedOnGpu") > 10);
        assertEquals(0, loop.counter("student", "read.teacher-vision/features.copiedBytes"));
        assertTrue(loop.counter("teacher-vision", "publish.features.copiedBytes") > 0);
    }
}
