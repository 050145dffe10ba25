package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.distill.VerdictCause;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.student.replay.Pairing;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The student among toy nodes in a foam of its own; all of them really there, in one JVM. */
@Timeout(120)
class StudentNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TOO_FEW_FOR_STATISTICS = 20;

    @TempDir private Path directory;
    private final List<NodeRunner> runners = new CopyOnWriteArrayList<>(); // toys look at it too

    @AfterEach
    void stopAll() throws InterruptedException {
        runners.reversed().forEach(NodeRunner::close);
        checkToys();
    }

    /** A toy that fails is none of the student's faults, and no reason to wait for it. */
    private void checkToys() throws InterruptedException {
        for (NodeRunner runner : runners) {
            if (!runner.node().name().equals("student") && runner.hasEndedWithin(1)) {
                Throwable failure = runner.await();
                if (failure != null) {
                    throw new AssertionError(runner.node().name() + " failed", failure);
                }
            }
        }
    }

    private NodeRunner launch(String name, String role, NodeAgent agent) throws Exception {
        NodeContext context =
                new NodeContext()
                        .foam(foam())
                        .name(name)
                        .role(role)
                        .device(device())
                        .maxIdleNs(1_000_000);
        NodeRunner runner = NodeRunner.launch(context, agent);
        runners.add(runner);
        return runner;
    }

    /** Where all nodes keep their streams. */
    String device() {
        return "host";
    }

    /** What the student's counters must say of copies after some twenty steps. */
    void checkCopies() {
        assertEquals(0, counter("copiedBytes"));
        assertEquals(0, counter("fusedOnGpu"));
    }

    private Path foam() {
        return directory.resolve("foam");
    }

    private NodeRunner launchStudent(boolean faulty) throws Exception {
        return launch("student", "student", new StudentNode(settings(faulty)));
    }

    private static StudentSettings settings(boolean faulty) {
        return settings(Pairing.TRUE, faulty);
    }

    private static StudentSettings settings(Pairing pairing, boolean faulty) {
        return new StudentSettings()
                .width(Rig.WIDTH)
                .batch(4)
                .replayMoments(200)
                .momentDeadlineMs(200)
                .saveEveryMs(200)
                .pairing(pairing)
                .trainOnHoldout(faulty)
                .conclude();
    }

    double counter(String label) {
        try {
            long incarnation =
                    runners.stream()
                            .map(NodeRunner::node)
                            .filter(node -> node.name().equals("student"))
                            .mapToLong(Node::incarnation)
                            .max()
                            .orElseThrow();
            Path file = FoamDirectory.create(foam()).file("student", incarnation, "counters");
            Number value = CountersSnapshot.read(file).values().get(label);
            return value == null ? Double.NaN : value.doubleValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            checkToys();
            assertTrue(System.nanoTime() < deadlineNs, "waited in vain: " + what);
            Thread.sleep(5);
        }
    }

    /** For one thread: true from the first time that the condition is; not looked at again then. */
    private static BooleanSupplier once(BooleanSupplier condition) {
        AtomicBoolean wasTrue = new AtomicBoolean();
        return () -> {
            if (!wasTrue.get()) {
                wasTrue.set(condition.getAsBoolean());
            }
            return wasTrue.get();
        };
    }

    @Test
    void shouldLearnPublishMaskAndResume() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        NodeRunner vision = launch("teacher-vision", "teacher", new ToyTeacher("picture", 40, 6));
        launch("teacher-whisper", "teacher", new ToyTeacher("sound", 23, 5));
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        StudentListener listener = new StudentListener();
        launch("listener", "listener", listener);
        NodeRunner student = launchStudent(false);

        await("steps", () -> counter("savedStep") > 20);
        await("held-out predictions", () -> listener.holdout.size() > 5);
        HeatmapLayout layout = listener.layout.get();
        assertEquals(3, layout.regions().size());
        assertEquals(40, layout.find("teacher-vision").orElseThrow().tokens());
        assertEquals(12, layout.find("teacher-llm").orElseThrow().dim());
        assertTrue(listener.holdout.stream().allMatch(HoldoutRule::isHoldout));
        assertTrue(listener.trained.stream().noneMatch(HoldoutRule::isHoldout));
        await(
                "predictions of both kinds",
                () ->
                        listener.heatmaps.stream().anyMatch(HoldoutRule::isHoldout)
                                && listener.heatmaps.stream()
                                        .anyMatch(frame -> !HoldoutRule.isHoldout(frame)));
        assertEquals(1, counter("teacher.teacher-vision.present"));
        assertEquals(2, counter("teacher.teacher-vision.weight"));
        checkCopies();
        assertEquals(0, counter("errors"));

        vision.close();
        await("the region is masked", () -> counter("teacher.teacher-vision.present") == 0);
        assertEquals(0, counter("teacher.teacher-vision.weight"));
        double step = counter("step");
        await("steps without a teacher", () -> counter("step") > step + 3);
        launch("teacher-vision", "teacher", new ToyTeacher("picture", 40, 6));
        await("the teacher is back", () -> counter("teacher.teacher-vision.weight") == 2);

        student.close();
        assertNull(student.await());
        double saved = counter("savedStep");
        assertEquals(counter("step"), saved);
        listener.firstStep.set(null);
        launchStudent(false);
        await("the first step of the next life", () -> listener.firstStep.get() != null);
        assertEquals(saved + 1, listener.firstStep.get().doubleValue());
        assertEquals(0, counter("errors"));
    }

    private static long distinct(List<Long> frames) {
        return frames.stream().distinct().count();
    }

    @Test
    void shouldGoOnWithWhatItWasShownBefore() throws Exception {
        NodeRunner sensor = launch("sensor", "sensor", new ToySensor());
        launch("teacher-whisper", "teacher", new ToyTeacher("sound", 23, 5));
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        StudentListener listener = new StudentListener();
        launch("listener", "listener", listener);
        NodeRunner student = launchStudent(false);
        await("steps", () -> counter("savedStep") > 5 && distinct(listener.trained) > 60);
        student.close();
        sensor.close();
        double saved = counter("savedStep");
        List<Long> before = List.copyOf(listener.trained);
        listener.trained.clear();
        launchStudent(false);
        await(
                "steps without a single new frame, and not one batch again and again",
                () -> counter("step") > saved + 20 && distinct(listener.trained) > 40);
        assertTrue(listener.trained.stream().noneMatch(HoldoutRule::isHoldout));
        assertFalse(Collections.disjoint(before, listener.trained));
        assertEquals(0, counter("errors"));
    }

    @Test
    void shouldEndWhenTheSensorComesBackWithPicturesOfAnotherShapeAndAsManyBytes()
            throws Exception {
        NodeRunner upright = launch("sensor", "sensor", new ToySensor());
        NodeRunner student = launchStudent(false);
        await("frames are read", () -> counter("read.sensor/picture.leases") > 3);
        upright.close();
        launch("sensor", "sensor", new ToySensor(320, 96));
        assertEquals(
                "frames of another shape than this student began with: stream=sensor/picture"
                        + " shape=[320, 96, 3] wanted=[96, 320, 3]",
                student.await().getMessage());
    }

    @Test
    void shouldRefuseATeacherOfAnotherShapeAndGoOn() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-whisper", "teacher", new ToyTeacher("sound", 23, 5));
        NodeRunner first = launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        launchStudent(false);
        await("steps", () -> counter("step") > 2);
        first.close();
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 13));
        await("the error", () -> counter("errors") == 1);
        double step = counter("step");
        await("steps all the same", () -> counter("step") > step + 3);
        assertEquals(0, counter("teacher.teacher-llm.weight"));
        assertEquals(1, counter("teacher.teacher-llm.refused"));
        assertEquals(0, counter("teacher.teacher-whisper.refused"));
    }

    @Test
    void shouldLearnFromTensorsOfAnySize() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-tokens", "teacher", new ToyTeacher("none", 100, 96));
        launch("teacher-steps", "teacher", new ToyTeacher("sound", 300, 40));
        launchStudent(false);
        await("the tokens", () -> counter("teacher.teacher-tokens.weight") == 1);
        await("the steps", () -> counter("teacher.teacher-steps.weight") == 1);
        double step = counter("step");
        await("more steps", () -> counter("step") > step + 3);
        assertEquals(0, counter("errors"));
    }

    @Test
    void shouldTakeTheSameNameOfAnotherEpochForAnotherTeacher() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-whisper", "teacher", new ToyTeacher("sound", 23, 5));
        NodeRunner first = launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        NodeRunner student = launchStudent(false);
        await("it is learned", () -> counter("teacher.teacher-llm.weight") == 1);
        first.close();
        await("it is gone", () -> counter("teacher.teacher-llm.present") == 0);
        TeacherCard other = new TeacherCard("sensor", Alignment.NONE, Axes.ROWS, "2", true);
        AtomicInteger tensors = new AtomicInteger(TOO_FEW_FOR_STATISTICS);
        BooleanSupplier isNoticed = once(() -> counter("teacher.teacher-llm.present") == 1);
        BooleanSupplier mayTeach = () -> !isNoticed.getAsBoolean() || tensors.getAndDecrement() > 0;
        launch("teacher-llm", "teacher", new ToyTeacher(other, 1, 12, 0, mayTeach));
        await("the other is there", () -> counter("teacher.teacher-llm.present") == 1);
        assertEquals(0, counter("teacher.teacher-llm.weight"), "nothing is known of it yet");
        tensors.set(Integer.MAX_VALUE);
        await("the other is learned", () -> counter("teacher.teacher-llm.weight") == 1);
        double step = counter("step");
        await("it is saved", () -> counter("savedStep") > step);
        assertEquals(0, counter("errors"));
        student.close();
        launchStudent(false);
        await("it is known in the next life", () -> counter("teacher.teacher-llm.weight") == 1);
        assertEquals(0, counter("errors"));
    }

    private static TeacherVerdict verdict(TeacherState state, double weight, long failedFrom) {
        return new TeacherVerdict(
                "teacher-llm", "1", state, weight, VerdictCause.RESIDUAL, 1, failedFrom, List.of());
    }

    @Test
    void shouldObeyAnEvaluatorWhileItSpeaks() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-whisper", "teacher", new ToyTeacher("sound", 23, 5));
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        ToyEvaluator evaluator = new ToyEvaluator();
        NodeRunner speaking = launch("evaluator", "evaluator", evaluator);
        launchStudent(false);
        await("it is learned", () -> counter("teacher.teacher-llm.weight") == 1);

        evaluator.say(verdict(TeacherState.SUSPECT, .25, TeacherVerdict.NONE));
        await("it counts less", () -> counter("teacher.teacher-llm.weight") == .25);
        assertEquals(0, counter("teacher.teacher-llm.withdrawn"));
        evaluator.say(verdict(TeacherState.QUARANTINED, 0, 0));
        await("it counts no more", () -> counter("teacher.teacher-llm.weight") == 0);
        assertEquals(1, counter("teacher.teacher-llm.present"), "it lives all the same");
        double withdrawn = counter("teacher.teacher-llm.withdrawn");
        assertTrue(withdrawn > 0, "what it said since frame 0 is given up");
        await(
                "what it says is not taken",
                () -> counter("teacher.teacher-llm.withdrawn") > withdrawn + 5);
        double step = counter("step");
        await("steps all the same", () -> counter("step") > step + 3);
        evaluator.say(verdict(TeacherState.ACTIVE, 1, TeacherVerdict.NONE));
        await("it counts again", () -> counter("teacher.teacher-llm.weight") == 1);

        evaluator.say(verdict(TeacherState.QUARANTINED, 0, 0));
        await("it counts no more", () -> counter("teacher.teacher-llm.weight") == 0);
        speaking.close();
        await("a verdict ages out", () -> counter("teacher.teacher-llm.weight") == 1);
        assertEquals(0, counter("errors"));
    }

    /** A control that begins with what was learned is none. */
    @Test
    void shouldNotGoOnAsAPlaceboWithWhatWasLearned() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        NodeRunner student = launchStudent(false);
        await("it is saved", () -> counter("savedStep") > 0);
        student.close();
        NodeRunner placebo =
                launch("student", "student", new StudentNode(settings(Pairing.PLACEBO, false)));
        Throwable refusal = placebo.await();
        assertTrue(
                refusal.getMessage()
                        .startsWith(
                                "checkpoint is of a student that learned from other moments:"
                                        + " has=\"sensor=sensor pairing=TRUE\" wanted=\"sensor=sensor"
                                        + " pairing=PLACEBO\"; to begin anew, empty "),
                refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count());
    }

    @Test
    void shouldNotLearnFromATeacherOfAnotherSensor() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        TeacherCard elsewhere = new TeacherCard("sensor-2", Alignment.NONE, Axes.ROWS, "1", true);
        NodeRunner foreign = launch("teacher-2", "teacher", new ToyTeacher(elsewhere, 1, 9));
        StudentListener listener = new StudentListener();
        launch("listener", "listener", listener);
        launchStudent(false);
        await("steps", () -> counter("step") > 2);
        await("the layout", () -> listener.layout.get() != null);
        assertEquals(1, listener.layout.get().regions().size());
        assertEquals("teacher-llm", listener.layout.get().regions().getFirst().name());
        foreign.close();
        launch("teacher-2", "teacher", new ToyTeacher("none", 1, 9));
        await("it looks at ours now", () -> counter("teacher.teacher-2.weight") == 1);
        assertEquals(0, counter("errors"));
    }

    @Test
    void shouldBeginARegionAnewThatValuesFarOffHaveSpoiled() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-whisper", "teacher", new ToyTeacher("sound", 23, 5));
        launchStudent(false);
        await("it has loaded", () -> counter("parameters") > 0);
        TeacherCard card = new TeacherCard("sensor", Alignment.NONE, Axes.ROWS, "1", true);
        BooleanSupplier isHeard = once(() -> counter("read.teacher-llm/features.joins") >= 1);
        launch("teacher-llm", "teacher", new ToyTeacher(card, 1, 12, 20, isHeard));
        await("it is noticed, and the region masked", () -> counter("errors") == 1);
        await("it is learned after all", () -> counter("teacher.teacher-llm.weight") == 1);
        assertEquals(1, counter("errors"));
    }

    @Test
    void shouldShowNoFigureBeforeThereIsOne() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        CountDownLatch loaded = new CountDownLatch(1);
        launch("student", "student", new SlowToLoad(new StudentNode(settings(false)), loaded));
        await("it has joined", () -> !Double.isNaN(counter("read.sensor/picture.leases")));
        assertTrue(Double.isNaN(counter("step")));
        assertTrue(Double.isNaN(counter("parameters")));
        loaded.countDown();
        await("it has loaded", () -> counter("parameters") > 0);
        assertEquals(0, counter("step"));
    }

    @Test
    void shouldShowTheHoldoutFrameItWasMadeToTrainOn() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        StudentListener listener = new StudentListener();
        launch("listener", "listener", listener);
        launchStudent(true);
        await("the fault", () -> listener.trained.stream().anyMatch(HoldoutRule::isHoldout));
        double step = counter("step");
        await("more steps", () -> counter("step") > step + 3);
        assertEquals(1, listener.trained.stream().filter(HoldoutRule::isHoldout).count());
    }

    /** Loads only when it may. */
    private record SlowToLoad(StudentNode student, CountDownLatch mayLoad) implements NodeAgent {
        @Override
        public void onStart(Node node) throws Exception {
            student.onStart(node);
        }

        @Override
        public void onLoad() throws Exception {
            mayLoad.await();
            student.onPrepare();
            student.onLoad();
        }

        @Override
        public int doWork() throws Exception {
            return student.doWork();
        }

        @Override
        public void onStop() throws Exception {
            student.onStop();
        }
    }
}
