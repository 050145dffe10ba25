package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.node.NodeRunner;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The student's life: it learns, masks who is gone, and goes on in its next life. */
class StudentNodeTest extends StudentAmongToys {
    private static final int TOO_FEW_FOR_STATISTICS = 20;

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
        await("it counts twice", () -> counter("teacher.teacher-vision.weight") == 2);
        checkCopies();
        assertTrue(Double.isNaN(counter("renewedUnits")), "of what nobody watches nothing is said");
        assertEquals(0, counter("errors"));

        vision.close();
        await("the region is masked", () -> counter("teacher.teacher-vision.present") == 0);
        await("it counts no more", () -> counter("teacher.teacher-vision.weight") == 0);
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
        StudentNode renewing = new StudentNode(settings(false).renewal(.001, 3));
        NodeRunner student = launch("student", "student", renewing);
        await("steps", () -> counter("savedStep") > 5 && distinct(listener.trained) > 60);
        await("units begin anew", () -> counter("renewedUnits") > 0);
        assertTrue(counter("deadUnits") >= 0);
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
}
