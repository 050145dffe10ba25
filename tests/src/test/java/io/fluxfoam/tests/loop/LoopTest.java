package io.fluxfoam.tests.loop;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.counters.CountersSnapshot;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The real loop, all its processes and models, under {@code kill -9}. */
@Timeout(600)
class LoopTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private Path foamPath;

    @BeforeEach
    void chooseFoam() {
        foamPath = Path.of("/dev/shm/foam-test-" + UUID.randomUUID());
    }

    static void awaitLoop(LiveLoop loop) throws InterruptedException {
        awaitAllNodes(loop);
        eventually(
                () -> "the student steps\n" + loop.log("up"),
                () -> loop.counter("student", "step") > 1);
        eventually(
                "the evaluator audits",
                () -> loop.counter("evaluator", "trainedFramesAudited") > 0);
    }

    private static void awaitAllNodes(LiveLoop loop) throws InterruptedException {
        eventually(
                () -> "the loop lives\n" + loop.log("up"),
                () -> {
                    for (String node : LiveLoop.nodes()) {
                        if (!loop.state(node).equals("ALIVE")) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    /** Figures that must grow during an outage, and whose they are. */
    private static Map<String, Callable<Double>> growing(LiveLoop loop, String victim) {
        Map<String, Callable<Double>> figures = new LinkedHashMap<>();
        boolean framesFlow = !victim.equals("sensor");
        if (framesFlow) {
            figures.put("sensor/picture", () -> (double) loop.sequence("sensor", "picture"));
            for (String teacher : LiveLoop.nodes()) {
                if (teacher.startsWith("teacher-") && !teacher.equals(victim)) {
                    figures.put(
                            teacher + "/features",
                            () -> (double) loop.sequence(teacher, "features"));
                }
            }
        }
        if (!victim.equals("student")) {
            figures.put("student step", () -> loop.counter("student", "step"));
            if (framesFlow) {
                figures.put("moments", () -> (double) loop.sequence("student", "heatmap"));
            }
            if (!victim.equals("evaluator")) {
                figures.put("audited", () -> loop.counter("evaluator", "trainedFramesAudited"));
            }
        }
        for (String node : LiveLoop.nodes()) {
            if (!node.equals(victim)) {
                figures.put(node + " heartbeat", () -> -loop.node(node).heartbeatAgeMillis());
            }
        }
        return figures;
    }

    /**
     * Whether all the others are ALIVE. A crowded machine may stall one for a while; one that has
     * ended does not come back.
     */
    private static boolean areTheOthersAlive(LiveLoop loop, String victim) throws IOException {
        boolean areAlive = true;
        for (NodeStatus node : loop.status().nodes()) {
            if (!node.name().equals(victim)) {
                boolean hasEnded = node.state().equals("DEAD") || node.state().equals("STOPPED");
                assertFalse(
                        hasEnded,
                        () -> node.name() + " is " + node.state() + " while " + victim + " is out");
                areAlive &= node.state().equals("ALIVE");
            }
        }
        return areAlive;
    }

    @Test
    void shouldLoseNobodyButTheKilled() throws Exception {
        try (LiveLoop loop =
                LiveLoop.up(directory, foamPath, "--no-respawn", "--keep", "--seed", "1")) {
            awaitLoop(loop);
            List<String> victims =
                    new ArrayList<>(
                            List.of("evaluator", "coordinator", "teacher-vision", "sensor"));
            victims.addAll(List.of("student", "teacher-llm"));
            if (LiveLoop.hasSpeech()) {
                victims.add("teacher-whisper");
            }
            for (String victim : victims) {
                outage(loop, victim);
            }
            assertNoTornTensorAndNoError(loop);
            catchAStudentThatTrainsOnHoldout(loop);
            assertEquals(0, loop.run("down", "--dir", foamPath.toString()), () -> loop.log("down"));
            assertFalse(Files.exists(foamPath));
        }
    }

    /** A student with a planted fault: one HOLDOUT frame in one batch. */
    private static void catchAStudentThatTrainsOnHoldout(LiveLoop loop) throws Exception {
        loop.kill("student");
        loop.startByHand("student", "--fault-train-on-holdout");
        eventually(
                () -> "the audit catches it\n" + loop.log("student-by-hand"),
                () -> loop.counter("evaluator", "trainedOnHoldout") == 1);
    }

    private void outage(LiveLoop loop, String victim) throws Exception {
        long incarnation = loop.mark(victim).incarnation();
        double savedStep = loop.counter("student", "savedStep");
        loop.kill(victim);
        assertEquals("DEAD", loop.state(victim));
        Map<String, Callable<Double>> figures = growing(loop, victim);
        Map<String, Double> before = new LinkedHashMap<>();
        for (Map.Entry<String, Callable<Double>> figure : figures.entrySet()) {
            before.put(
                    figure.getKey(),
                    figure.getKey().endsWith("heartbeat") ? -1_000 : figure.getValue().call());
        }
        for (Map.Entry<String, Callable<Double>> figure : figures.entrySet()) {
            eventually(
                    () ->
                            figure.getKey()
                                    + " goes on while "
                                    + victim
                                    + " is out\n"
                                    + loop.log("up"),
                    () ->
                            areTheOthersAlive(loop, victim)
                                    && figure.getValue().call() > before.get(figure.getKey()));
        }
        if (victim.startsWith("teacher-")) {
            eventually(
                    "its region is masked",
                    () -> loop.counter("student", "teacher." + victim + ".present") == 0);
        }
        loop.startByHand(victim);
        eventually(
                () -> victim + " is back\n" + loop.log(victim + "-by-hand"),
                () ->
                        loop.state(victim).equals("ALIVE")
                                && loop.mark(victim).incarnation() > incarnation);
        for (String node : LiveLoop.nodes()) {
            for (var stream : loop.node(node).streams()) {
                if (!stream.name().equals("candidates") && !isRare(stream.name())) {
                    long sequence = loop.sequence(node, stream.name());
                    eventually(
                            () ->
                                    node
                                            + "/"
                                            + stream.name()
                                            + " moves after "
                                            + victim
                                            + " is back",
                            () -> loop.sequence(node, stream.name()) > sequence);
                }
            }
        }
        if (victim.equals("student")) {
            double first = loop.counter("student", "step");
            assertTrue(first >= savedStep, "step=" + first + " savedStep=" + savedStep);
        }
        if (victim.startsWith("teacher-")) {
            eventually(
                    "its region is back",
                    () -> loop.counter("student", "teacher." + victim + ".present") == 1);
        }
    }

    /** Streams that say something only when it changes. */
    private static boolean isRare(String stream) {
        return stream.equals("layout") || stream.equals("statistics");
    }

    static void assertNoTornTensorAndNoError(LiveLoop loop) throws IOException {
        for (String node : LiveLoop.nodes()) {
            CountersSnapshot counters = loop.counters(node);
            assertTrue(counters.errors().isEmpty(), () -> node + ": " + counters.errors());
            counters.values()
                    .forEach((label, value) -> {
                        if (label.endsWith(".torn")) {
                            assertEquals(0, value.longValue(), node + " " + label);
                        }
                    });
        }
        assertEquals(0, loop.counter("evaluator", "trainedOnHoldout"));
    }

    @Test
    void shouldBringBackWhatWasKilledAndLeaveNothingBehind() throws Exception {
        try (LiveLoop loop = LiveLoop.up(directory, foamPath, "--seed", "2")) {
            awaitLoop(loop);
            for (String victim : List.of("student", "coordinator")) {
                long incarnation = loop.mark(victim).incarnation();
                loop.kill(victim);
                eventually(
                        () -> victim + " is back\n" + loop.log("up"),
                        () ->
                                loop.state(victim).equals("ALIVE")
                                        && loop.mark(victim).incarnation() > incarnation);
            }
            loop.terminate("evaluator");
            loop.startByHand("evaluator"); // nobody's child any more, and stopped with the others
            eventually("the evaluator is back", () -> loop.state("evaluator").equals("ALIVE"));
            loop.upProcess().destroy();
            assertTrue(loop.upProcess().waitFor(60, TimeUnit.SECONDS), () -> loop.log("up"));
            assertEquals(0, loop.upProcess().exitValue(), () -> loop.log("up"));
            assertFalse(Files.exists(foamPath));
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenEverythingIsKilled() throws Exception {
        try (LiveLoop loop = LiveLoop.up(directory, foamPath, "--seed", "3")) {
            awaitAllNodes(loop); // one that has not joined yet would join after all are killed
            eventually(
                    () -> "sensor sends\n" + loop.log("up"),
                    () -> loop.sequence("sensor", "picture") > 0);
            loop.upProcess().destroyForcibly().waitFor();
            for (String node : loop.foam().nodes()) {
                if (loop.mark(node).state().isHeld()) {
                    loop.kill(node);
                }
            }
            assertEquals(0, loop.run("down", "--dir", foamPath.toString()), () -> loop.log("down"));
            assertFalse(Files.exists(foamPath));
        }
    }
}
