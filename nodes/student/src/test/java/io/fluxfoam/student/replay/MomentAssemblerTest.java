package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.Scenery;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class MomentAssemblerTest {
    private static final long DEADLINE_NS = 1_000;
    private static final int ROWS = 80;

    private final Arena memory = Arena.ofConfined();
    private final MomentArena train = new MomentArena(ReplayMemory.in(memory), Scenery.SHAPE, ROWS);
    private final MomentArena holdout = new MomentArena(ReplayMemory.in(memory), Scenery.SHAPE, 8);
    private final RegionTable regions = new RegionTable(ReplayMemory.in(memory), ROWS);
    private final PredictionQueue predictions = new PredictionQueue();
    private final TeacherRegion vision = join("vision", 4, 3, Alignment.PICTURE);
    private final TeacherRegion language = join("language", 1, 5, Alignment.NONE);
    private MomentAssembler assembler = assembler(Pairing.TRUE);

    @AfterEach
    void free() {
        memory.close();
    }

    private TeacherRegion join(String name, int tokens, int dim, Alignment alignment) {
        TeacherRegion region =
                regions.add(
                        name,
                        tokens,
                        dim,
                        new TargetSource(alignment, ""),
                        Statistics.identity(dim));
        region.present(true);
        return region;
    }

    private MomentAssembler assembler(Pairing pairing) {
        return new MomentAssembler(
                FrameShape.STANDARD, train, holdout, regions, predictions, pairing, DEADLINE_NS);
    }

    private void picture(long frame, long nowNs) {
        assembler.picture(frame, frame, Scenery.picture(frame), nowNs);
    }

    private void sound(long frame, long nowNs) {
        assembler.sound(frame, frame, Scenery.sound(frame), nowNs);
    }

    private void target(TeacherRegion region, long frame, long nowNs) {
        int floats = region.region().length();
        assembler.target(region, frame, frame, Scenery.features(frame, floats, 1, 0), nowNs);
    }

    @Test
    void shouldBeTrainableWhenAllIsThereInAnyOrder() {
        List<Runnable> parts = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            long frame = Scenery.train(n);
            parts.clear();
            parts.add(() -> picture(frame, 0));
            parts.add(() -> sound(frame, 0));
            parts.add(() -> target(vision, frame, 0));
            parts.add(() -> target(language, frame, 0));
            Collections.shuffle(parts, new Random(n));
            for (int i = 0; i < parts.size(); i++) {
                assertFalse(i > 0 && train.find(frame).trainable(), "order=" + n + " parts=" + i);
                parts.get(i).run();
            }
            assertTrue(train.find(frame).trainable());
        }
        assertEquals(20, assembler.trainableMoments());
        assertEquals(
                0,
                assembler.incompleteMoments()
                        + assembler.lateTargets()
                        + assembler.refusedTensors());
    }

    @Test
    void shouldNotWaitForATeacherThatIsGone() {
        language.present(false);
        long frame = Scenery.train(0);
        picture(frame, 0);
        sound(frame, 0);
        target(vision, frame, 0);
        assertTrue(train.find(frame).trainable());
    }

    @Test
    void shouldGiveUpWhatATeacherHasSaidOfSomeFrames() {
        long[] frames = {Scenery.train(0), Scenery.train(1), Scenery.train(2), Scenery.train(3)};
        for (long frame : frames) {
            picture(frame, 0);
            sound(frame, 0);
            target(vision, frame, 0);
            target(language, frame, 0);
        }
        assertEquals(1, assembler.withdraw(language, frames[0], frames[0]));
        assertEquals(2, assembler.withdraw(language, frames[2], Long.MAX_VALUE));
        assertEquals(0, assembler.withdraw(language, frames[2], Long.MAX_VALUE), "once");
        for (int i = 0; i < frames.length; i++) {
            Moment moment = train.find(frames[i]);
            assertTrue(vision.targets().present(moment));
            assertEquals(i == 1, language.targets().present(moment), "frame " + i);
            assertTrue(moment.trainable(), "the other teacher's word still counts");
        }
    }

    @Test
    void shouldNotWaitForATensorThatIsNotTaken() {
        long frame = Scenery.train(0);
        picture(frame, 0);
        sound(frame, 0);
        target(vision, frame, 0);
        assertFalse(train.find(frame).trainable());
        assembler.passOver(language, frame);
        assertTrue(train.find(frame).trainable());
        assertFalse(language.targets().present(train.find(frame)));
    }

    @Test
    void shouldNotWaitForATeacherThatHasPassedAFrameOver() {
        long[] frames = {Scenery.train(0), Scenery.train(1), Scenery.train(2)};
        for (long frame : frames) {
            picture(frame, 0);
            sound(frame, 0);
            target(language, frame, 0);
        }
        assertEquals(0, assembler.trainableMoments());
        target(vision, frames[1], 0);
        assertEquals(2, assembler.trainableMoments());
        assertTrue(train.find(frames[0]).trainable());
        assertFalse(vision.targets().present(train.find(frames[0])));
        assertFalse(train.find(frames[2]).trainable());
    }

    @Test
    void shouldStopWaitingAtTheDeadlineAndStillTakeWhatIsLate() {
        long frame = Scenery.train(0);
        picture(frame, 0);
        sound(frame, 5);
        target(vision, frame, 10);
        assembler.expire(DEADLINE_NS - 1);
        assertFalse(train.find(frame).trainable());
        assembler.expire(DEADLINE_NS);
        assertTrue(train.find(frame).trainable());
        assertFalse(language.targets().present(train.find(frame)));
        target(language, frame, DEADLINE_NS + 50);
        assertTrue(language.targets().present(train.find(frame)));
        assertEquals(1, assembler.trainableMoments());
    }

    @Test
    void shouldNotTrainOnAMomentWithoutAnyTargetUntilOneComes() {
        long frame = Scenery.train(0);
        picture(frame, 0);
        sound(frame, 0);
        assembler.expire(DEADLINE_NS);
        assertFalse(train.find(frame).trainable());
        target(vision, frame, DEADLINE_NS + 50);
        assertTrue(train.find(frame).trainable());
    }

    @Test
    void shouldGiveUpAFrameWhoseSoundNeverComes() {
        long frame = Scenery.train(0);
        picture(frame, 0);
        target(vision, frame, 0);
        target(language, frame, 0);
        assembler.expire(DEADLINE_NS);
        assertNull(train.find(frame));
        assertEquals(1, assembler.incompleteMoments());
        assertEquals(0, assembler.trainableMoments());
    }

    @Test
    void shouldBoundHowManyWait() {
        for (int n = 0; n <= MomentAssembler.MAX_PENDING; n++) {
            picture(Scenery.train(n), 0);
            sound(Scenery.train(n), 0);
            target(vision, Scenery.train(n), 0);
        }
        assertTrue(train.find(Scenery.train(0)).trainable());
        assertFalse(train.find(Scenery.train(1)).trainable());
    }

    @Test
    void shouldForgetTheOldestFramesAndTheirTargets() {
        for (int n = 0; n < 3 * ROWS; n++) {
            picture(Scenery.train(n), n);
            sound(Scenery.train(n), n);
            target(vision, Scenery.train(n), n);
            if (n < ROWS) {
                target(language, Scenery.train(n), n);
            }
            assembler.expire(n);
        }
        assertNull(train.find(Scenery.train(2 * ROWS - 1)));
        Moment oldest = train.find(Scenery.train(2 * ROWS));
        assertNotNull(oldest);
        assertTrue(vision.targets().present(oldest));
        assertFalse(language.targets().present(oldest), "a target of the frame before in this row");
        target(vision, Scenery.train(3), 0);
        assertEquals(1, assembler.lateTargets());
        assertNull(train.find(Scenery.train(3)));
    }

    @Test
    void shouldRefuseTensorsThatAreNotFinite() {
        long frame = Scenery.train(0);
        picture(frame, 0);
        float[] silence = new float[Scenery.SHAPE.samples()];
        silence[777] = Float.NaN;
        assembler.sound(frame, 0, MemorySegment.ofArray(silence), 0);
        assertFalse(train.find(frame).complete());
        sound(frame, 0);
        assertTrue(train.find(frame).complete());
        float[] values = new float[12];
        values[3] = Float.POSITIVE_INFINITY;
        assembler.target(vision, frame, 0, MemorySegment.ofArray(values), 0);
        assertFalse(vision.targets().present(train.find(frame)));
        assertEquals(2, assembler.refusedTensors());
    }

    @Test
    void shouldKeepTheFirstOfTensorsThatComeTwice() {
        long frame = Scenery.train(0);
        picture(frame, 0);
        target(vision, frame, 0);
        Moment moment = train.find(frame);
        float before = vision.targets().at(moment).get(ValueLayout.JAVA_FLOAT, 0);
        assembler.target(vision, frame, 0, Scenery.features(frame, 12, 50, 9), 0);
        assertEquals(before, vision.targets().at(moment).get(ValueLayout.JAVA_FLOAT, 0));
    }

    @Test
    void shouldPredictHoldoutFramesButNeverOfferThemForTraining() {
        long frame = Scenery.holdout(0);
        picture(frame, 0);
        sound(frame, 0);
        assembler.expire(10 * DEADLINE_NS);
        PredictionQueue.Waiting waiting = predictions.poll();
        assertSame(holdout, waiting.arena());
        assertEquals(frame, waiting.moment().frameNumber());
        assertNull(train.find(frame));
        assertFalse(waiting.moment().trainable());
        assertEquals(0, assembler.trainableMoments());
        assertThrows(IllegalArgumentException.class, () -> target(vision, frame, 0));
    }

    @Test
    void shouldOfferEveryCompleteFrameForPredictionOnce() {
        for (int n = 0; n < 5; n++) {
            sound(Scenery.train(n), 0);
            picture(Scenery.train(n), 0);
            target(vision, Scenery.train(n), 0);
            target(language, Scenery.train(n), 0);
            assertEquals(Scenery.train(n), predictions.poll().moment().frameNumber());
            assertNull(predictions.poll());
        }
    }

    @Test
    void shouldGiveEachFrameTheTargetsOfTheOneBeforeAsPlacebo() {
        assembler = assembler(Pairing.PLACEBO);
        for (int n = 0; n < 6; n++) {
            picture(Scenery.train(n), 0);
            sound(Scenery.train(n), 0);
            target(vision, Scenery.train(n), 0);
            target(language, Scenery.train(n), 0);
        }
        assertFalse(vision.targets().present(train.find(Scenery.train(0))));
        for (int n = 1; n < 6; n++) {
            Moment moment = train.find(Scenery.train(n));
            MemorySegment partner = Scenery.features(Scenery.train(n - 1), 12, 1, 0);
            assertEquals(-1, partner.mismatch(vision.targets().at(moment)), "frame " + n);
            assertTrue(moment.trainable());
        }
    }

    @Test
    void shouldPairPlaceboWithTrainFramesOnly() {
        for (int n = 0; n < 100; n++) {
            assertEquals(Scenery.train(n + 1), Pairing.PLACEBO.partner(Scenery.train(n)));
            assertEquals(Scenery.train(n), Pairing.TRUE.partner(Scenery.train(n)));
        }
    }

    @Test
    void shouldNeedMoreRowsThanMayWait() {
        MomentArena small =
                new MomentArena(
                        ReplayMemory.in(memory), Scenery.SHAPE, MomentAssembler.MAX_PENDING);
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new MomentAssembler(
                                FrameShape.STANDARD,
                                small,
                                holdout,
                                regions,
                                predictions,
                                Pairing.TRUE,
                                DEADLINE_NS));
    }
}
