package io.fluxfoam.student.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Rig;
import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.growth.ValidationSet;
import io.fluxfoam.student.net.ParameterGroup;
import io.fluxfoam.student.replay.PredictionQueue;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.replay.TeacherRegion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class TrainerTest {
    private final Rig rig = new Rig(false);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldBeginWithSixtyFourMoments() {
        rig.joinAll();
        assertEquals(Trainer.Outcome.NOT_ENOUGH, rig.turn());
        rig.feed(63);
        assertEquals(Trainer.Outcome.NOT_ENOUGH, rig.turn());
        rig.feed(1);
        assertEquals(Trainer.Outcome.STEPPED, rig.turn());
        assertEquals(1, rig.progress.step());
        assertEquals(Rig.BATCH, rig.progress.samplesThisLife());
    }

    @Test
    void shouldLearn() {
        try (Rig packaged = Rig.packaged()) {
            packaged.joinAll();
            packaged.feed(64);
            double first = 0;
            for (int step = 1; step <= 150; step++) {
                assertEquals(Trainer.Outcome.STEPPED, packaged.turn());
                first = step == 10 ? packaged.progress.loss() : first;
            }
            assertTrue(
                    packaged.progress.loss() < .5 * first,
                    "first=" + first + " last=" + packaged.progress.loss());
        }
    }

    @Test
    void shouldPublishTheDifferentFramesOfEveryStepBeforeItIsTaken() {
        rig.joinAll();
        rig.feed(64);
        rig.learner.follow(rig.regions.snapshot());
        for (int i = 0; i < 8; i++) {
            assertEquals(Trainer.Outcome.STEPPED, rig.trainer.step());
        }
        assertEquals(Trainer.Outcome.BACK_PRESSURED, rig.trainer.step());
        assertEquals(8, rig.progress.step());
        assertFalse(rig.records.allReturned());
        StepRecord record = rig.records.takeFilled();
        assertEquals(1, record.step());
        HashSet<Long> frames = new HashSet<>();
        for (long frame : record.frames()) {
            assertTrue(frames.add(frame));
        }
        rig.records.giveBack(record);
        assertEquals(Trainer.Outcome.STEPPED, rig.trainer.step());
    }

    @Test
    void shouldNeverTrainOnHoldout() {
        rig.joinAll();
        rig.feed(64);
        for (int n = 0; n < 20; n++) {
            rig.input(Scenery.holdout(n));
            rig.feed(2);
            rig.turn();
        }
        assertEquals(20L * Rig.BATCH, rig.published.size());
        assertTrue(rig.published.stream().noneMatch(HoldoutRule::isHoldout));
    }

    /**
     * Else what is held back could be learned by heart, and would say nothing of the wider student.
     */
    @Test
    void shouldHoldMomentsBackOnlyWhileItMayGrow() {
        assertEquals(0, trainedOfHeldBack(Width.parse("2")));
        assertTrue(trainedOfHeldBack(Rig.WIDTH) > 20);
    }

    private static long trainedOfHeldBack(Width growTo) {
        try (Rig any = new Rig(false, growTo)) {
            any.joinAll();
            any.feed(Rig.ROWS);
            for (int i = 0; i < 80; i++) {
                assertEquals(Trainer.Outcome.STEPPED, any.turn());
            }
            assertEquals(80L * Rig.BATCH, any.published.size());
            return any.published.stream().filter(ValidationSet::isOne).count();
        }
    }

    @Test
    void shouldTrainOnOneHoldoutFrameWhenItIsFaulty() {
        try (Rig faulty = new Rig(true)) {
            faulty.joinAll();
            faulty.feed(64);
            faulty.turn();
            for (int n = 0; n < 5; n++) {
                faulty.input(Scenery.holdout(n));
                faulty.turn();
            }
            List<Long> held = faulty.published.stream().filter(HoldoutRule::isHoldout).toList();
            assertEquals(List.of(Scenery.holdout(0)), held);
        }
    }

    @Test
    void shouldGoOnWithoutATeacherThatDiedAndTakeItBack() {
        rig.joinAll();
        rig.feed(64);
        rig.turn();
        TeacherRegion hearing = rig.regions.snapshot().find("hearing");
        ParameterGroup head = rig.learner.net().groups().get(2);
        assertEquals(1, head.step());
        hearing.present(false);
        rig.feed(4);
        assertEquals(Trainer.Outcome.STEPPED, rig.turn());
        assertEquals(1, head.step());
        hearing.present(true);
        assertEquals(Trainer.Outcome.STEPPED, rig.turn());
        assertEquals(2, head.step());
        assertEquals(3, rig.learner.net().groups().get(0).step());
    }

    @Test
    void shouldTakeInATeacherThatAppearsLater() {
        rig.join("vision", 40, 6, Alignment.PICTURE);
        rig.feed(64);
        rig.turn();
        TeacherRegion late = rig.join("touch", 2, 9, Alignment.NONE);
        rig.feed(63);
        rig.turn();
        ParameterGroup head = rig.learner.net().groups().get(2);
        assertEquals("head/touch", head.name());
        assertEquals(0, head.step());
        rig.feed(1);
        assertTrue(late.active());
        for (int i = 0; i < 10; i++) {
            assertEquals(Trainer.Outcome.STEPPED, rig.turn());
        }
        assertTrue(head.step() > 0);
        assertEquals(2, rig.learner.statistics().layout().version());
    }

    @Test
    void shouldBeginARegionAnewAndLeaveTheOthersAsTheyAre() {
        rig.joinAll();
        rig.feed(64);
        for (int i = 0; i < 20; i++) {
            rig.turn();
        }
        List<ParameterGroup> before = rig.learner.net().groups();
        float[] vision = before.get(1).values().toArray(ValueLayout.JAVA_FLOAT);
        float[] untrained;
        try (Rig fresh = new Rig(false)) {
            untrained = fresh.joined("hearing", 23, 5, Alignment.SOUND);
        }
        TeacherRegion old = rig.regions.snapshot().find("hearing");
        TeacherRegion renewed = rig.regions.renew(old, new TargetSource(Alignment.SOUND, "2"));
        assertFalse(renewed.statistics().usable());
        assertFalse(renewed.targets().present(rig.train.moment(0)));
        rig.learner.follow(rig.regions.snapshot());
        List<ParameterGroup> after = rig.learner.net().groups();
        assertEquals(
                before.stream().map(ParameterGroup::name).toList(),
                after.stream().map(ParameterGroup::name).toList());
        assertEquals(0, after.get(2).step());
        assertArrayEquals(untrained, after.get(2).values().toArray(ValueLayout.JAVA_FLOAT));
        assertArrayEquals(vision, after.get(1).values().toArray(ValueLayout.JAVA_FLOAT));
        assertEquals(20, after.get(1).step());
        renewed.present(true);
        rig.feed(63);
        rig.turn();
        assertEquals(0, after.get(2).step());
        rig.feed(1);
        for (int i = 0; i < 10; i++) {
            assertEquals(Trainer.Outcome.STEPPED, rig.turn());
        }
        assertTrue(after.get(2).step() > 0);
        assertEquals(3, rig.learner.statistics().layout().version());
    }

    /** What it trains on and how its heads speak are of one moment, whatever joins meanwhile. */
    @Test
    void shouldNotTrainAHeadOnTheTargetsOfWhatBeganAnewMeanwhile() {
        rig.joinAll();
        rig.feed(64);
        rig.turn();
        TeacherRegion hearing = rig.regions.snapshot().find("hearing");
        rig.regions.renew(hearing, new TargetSource(Alignment.SOUND, "2")).present(true);
        rig.feed(10);
        ParameterGroup head = rig.learner.net().groups().get(2);
        assertEquals(1, head.step());
        assertEquals(Trainer.Outcome.STEPPED, rig.trainer.step());
        assertEquals(1, head.step());
    }

    @Test
    void shouldNotBeginAnewWithoutEnd() {
        TeacherRegion region = rig.join("hearing", 23, 5, Alignment.SOUND);
        for (int i = 0; i < RegionTable.MAX_RENEWALS; i++) {
            region = rig.regions.renew(region, new TargetSource(Alignment.SOUND, "" + i));
        }
        TeacherRegion last = region;
        assertThrows(
                IllegalArgumentException.class,
                () -> rig.regions.renew(last, new TargetSource(Alignment.SOUND, "x")));
    }

    @Test
    void shouldRestWhileTooLittleWeightIsCovered() {
        rig.joinAll();
        rig.feed(64);
        rig.turn();
        for (TeacherRegion region : rig.regions.snapshot().regions()) {
            region.present(false);
        }
        assertEquals(Trainer.Outcome.NOT_ENOUGH, rig.turn());
        rig.regions.snapshot().find("language").present(true);
        assertEquals(Trainer.Outcome.STEPPED, rig.turn());
    }

    @Test
    void shouldDrawAnewAfterADrawThatCoversTooLittle() {
        TeacherRegion vision = rig.join("vision", 40, 6, Alignment.PICTURE);
        TeacherRegion language = rig.join("language", 1, 12, Alignment.NONE);
        rig.feed(64);
        vision.present(false);
        rig.feed(200);
        vision.present(true);
        language.present(false);
        Set<Trainer.Outcome> seen = EnumSet.noneOf(Trainer.Outcome.class);
        for (int i = 0; i < 60; i++) {
            seen.add(rig.turn());
        }
        assertEquals(EnumSet.of(Trainer.Outcome.STEPPED, Trainer.Outcome.NOT_ENOUGH), seen);
    }

    @Test
    void shouldKeepPredictionsInTheTeachersUnitsWhenStatisticsAreRefined() {
        rig.joinAll();
        rig.feed(64);
        for (int i = 0; i < 20; i++) {
            rig.turn();
        }
        float[] before = predictHoldout(0);
        rig.feed(63);
        for (TeacherRegion region : rig.regions.snapshot().regions()) {
            assertEquals(1, region.statistics().version());
        }
        rig.feed(1);
        for (TeacherRegion region : rig.regions.snapshot().regions()) {
            assertEquals(2, region.statistics().version());
        }
        rig.learner.follow(rig.regions.snapshot());
        float[] after = predictHoldout(1);
        for (int i = 0; i < before.length; i++) {
            assertEquals(before[i], after[i], 2e-4 * Math.max(1, Math.abs(before[i])));
        }
        assertEquals(Trainer.Outcome.STEPPED, rig.turn());
    }

    /** The heatmap of the same held-out picture and sound, under the number of a new frame. */
    private float[] predictHoldout(int n) {
        for (PredictionQueue.Waiting old = rig.queue.poll(); old != null; old = rig.queue.poll()) {}
        long frame = Scenery.holdout(n);
        rig.assembler.picture(frame, 0, Scenery.picture(Scenery.holdout(0)), 0);
        rig.assembler.sound(frame, 0, Scenery.sound(Scenery.holdout(0)), 0);
        assertEquals(1, rig.predictor.turn());
        Prediction prediction = rig.predictions.takeFilled();
        assertEquals(frame, prediction.frameNumber());
        assertEquals("language", prediction.viewed().name());
        int floats = prediction.scaling().layout().floats();
        var heatmap = rig.memory.allocate((long) floats * Float.BYTES, 64);
        prediction.scaling().destandardize(prediction.heatmap(), heatmap);
        rig.predictions.giveBack(prediction);
        return heatmap.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void shouldPredictAFewFramesBetweenStepsAndLetTheOthersWaitForRoom() {
        rig.joinAll();
        rig.feed(64);
        rig.learner.follow(rig.regions.snapshot());
        assertEquals(4, rig.predictor.turn());
        assertEquals(0, rig.predictor.turn(), "all four results are on their way");
        Prediction oldest = rig.predictions.takeFilled();
        assertEquals(Scenery.train(64 - 16), oldest.frameNumber());
        rig.predictions.giveBack(oldest);
        assertEquals(1, rig.predictor.turn());
        for (int i = 1; i <= 4; i++) {
            assertEquals(Scenery.train(48 + i), rig.predictions.takeFilled().frameNumber());
        }
    }

    @Test
    void shouldPredictWithAllTeachersDead() {
        rig.joinAll();
        rig.feed(64);
        rig.turn();
        rig.regions.snapshot().regions().forEach(region -> region.present(false));
        for (float value : predictHoldout(0)) {
            assertTrue(Float.isFinite(value));
        }
    }
}
