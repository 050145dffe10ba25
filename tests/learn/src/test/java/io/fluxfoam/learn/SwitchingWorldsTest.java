package io.fluxfoam.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Width;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class SwitchingWorldsTest {
    private static final String LANGUAGE = LoopNodes.TEACHER_LLM;
    private static final int FRAMES = 90;

    @TempDir static Path folder;

    private static Path first;
    private static Path second;

    @BeforeAll
    static void write() throws IOException {
        first = ToyWorldTape.write(folder.resolve("1"), LANGUAGE, FRAMES, 0);
        second = ToyWorldTape.write(folder.resolve("2"), LANGUAGE, FRAMES, 1);
    }

    /** In order, each with what was said of it though that came later, and from the beginning. */
    @Test
    void shouldShowTheFramesOfATapeAgainAndAgain() throws IOException {
        try (TapedWorld world = new TapedWorld(first)) {
            assertEquals("32x32+8000", world.sensor().frame().toString());
            assertEquals(Map.of(LANGUAGE, 6), world.dims());
            long last = -1;
            int shown = 0;
            TapedFrame frame = world.next();
            while (world.passes() == 0) {
                long counter = FrameNumber.counter(frame.number());
                assertTrue(counter > last, counter + " after " + last);
                float[] said = frame.said().get(LANGUAGE);
                int thing = Integer.parseInt(frame.caption().substring("thing ".length()));
                assertEquals(1, said[thing]);
                assertEquals(0, said[(thing + 1) % 3]);
                last = counter;
                shown++;
                frame = world.next();
            }
            assertTrue(shown > FRAMES * .85 && shown <= FRAMES, "shown=" + shown);
            assertEquals(1, FrameNumber.incarnation(frame.number()));
            assertTrue(FrameNumber.counter(frame.number()) < 3, "the first again");
            List<TapedFrame> heldOut = world.heldOut(10);
            assertTrue(heldOut.stream().allMatch(one -> HoldoutRule.isHoldout(one.number())));
            assertThrows(IOException.class, () -> world.heldOut(FRAMES));
        }
    }

    @Test
    void shouldKnowWhoKnowsAndWhoSaysTheMean() throws IOException {
        try (TapedWorld world = new TapedWorld(second)) {
            WorldExam exam = new WorldExam(world.heldOut(12));
            WorldExam.Figures knows = exam.of(12, TapedFrame::said);
            assertEquals(1, knows.explained());
            assertEquals(1, knows.top1());
            assertEquals(0, exam.of(12, _ -> Map.of()).explained());
            Map<String, float[]> wrong = new HashMap<>();
            WorldExam.Figures shuffled =
                    exam.of(
                            12,
                            frame -> {
                                Map<String, float[]> before =
                                        wrong.isEmpty() ? frame.said() : Map.copyOf(wrong);
                                wrong.putAll(frame.said());
                                return before;
                            });
            assertTrue(shuffled.explained() < .5, shuffled::toString);
            assertEquals(1 / 3.0, exam.chance());
        }
    }

    private static SwitchingWorlds worlds(Path one, Path other) throws IOException {
        return new SwitchingWorlds(
                List.of(one, other),
                new SwitchingWorlds.Setting(60, 4, .25, 400, 8, Width.parse("0.125")));
    }

    /** The same to the last bit each time: the whole student, and as many steps for each arm. */
    @Test
    void shouldMeasureArmsBesideOneThatSawAWorldAlone() throws IOException {
        SwitchingWorlds protocol = worlds(first, second);
        LearnRun alone = protocol.run(ArmPlan.of("alone"), 11, 2e-3, 1);
        assertEquals(1, alone.figure());
        LearnRun replay = protocol.run(ArmPlan.of("replay"), 11, 2e-3, 1);
        assertEquals(4, replay.curve().size());
        assertTrue(Double.isFinite(replay.figure()), replay::toString);
        assertTrue(replay.steps() > 30, replay::toString);
        LearnRun again = protocol.run(ArmPlan.of("replay"), 11, 2e-3, 1);
        assertEquals(replay.figure(), again.figure());
        assertEquals(replay.details(), again.details());
        LearnRun renewed = protocol.run(ArmPlan.of("balanced-renewal"), 11, 2e-3, 1);
        assertEquals(replay.steps(), renewed.steps());
        assertEquals(0, renewed.details().get("renewed"), "none is a hundred steps old");
        assertFalse(replay.details().containsKey("renewed"));
        LearnRun adamw = protocol.run(ArmPlan.of("adamw"), 11, 2e-3, 1);
        assertTrue(adamw.bytes() < replay.bytes() / 2, adamw::toString);
    }

    @Test
    void shouldRefuseTapesOfOtherTeachers() throws IOException {
        Path other = ToyWorldTape.write(folder.resolve("3"), "teacher-vision", FRAMES, 0);
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> worlds(first, other));
        assertEquals(
                "tapes have other teachers: {teacher-llm=6} and {teacher-vision=6}",
                refusal.getMessage());
    }
}
