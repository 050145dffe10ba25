package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.distill.VerdictCause;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.student.replay.Pairing;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What the student learns from, whom it obeys, and what it shows: the same on every device. */
class StudentRulesTest extends StudentAmongToys {
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

    @Test
    void shouldAskTheMoreReliableOfTwoEvaluatorsAndTheOtherWhenThatOneDies() throws Exception {
        launch("sensor", "sensor", new ToySensor());
        launch("teacher-whisper", "teacher", new ToyTeacher("sound", 23, 5));
        launch("teacher-llm", "teacher", new ToyTeacher("none", 1, 12));
        ToyEvaluator better = new ToyEvaluator();
        ToyEvaluator worse = new ToyEvaluator();
        NodeRunner leaving = launch("evaluator", "evaluator", better);
        launch("evaluator-2", "evaluator", worse);
        launchStudent(false);
        better.say(verdict(TeacherState.SUSPECT, .75, TeacherVerdict.NONE));
        worse.say(verdict(TeacherState.SUSPECT, .25, TeacherVerdict.NONE));
        await("nobody is measured", () -> counter("teacher.teacher-llm.weight") == .25);

        better.measure(
                new JudgeReliability("evaluator", "teacher-llm", .9, 20),
                new JudgeReliability("evaluator-2", "teacher-llm", .6, 20));
        worse.measure(
                new JudgeReliability("evaluator", "teacher-llm", .9, 20),
                new JudgeReliability("evaluator-2", "teacher-llm", 1, 20));
        await("the better is asked alone", () -> counter("teacher.teacher-llm.weight") == .75);
        leaving.close();
        await("the other is asked", () -> counter("teacher.teacher-llm.weight") == .25);
        worse.measure(new JudgeReliability("evaluator-2", "teacher-llm", .4, 20));
        await("nobody is", () -> counter("teacher.teacher-llm.weight") == 1);
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
