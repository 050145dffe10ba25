package io.fluxfoam.student.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.Pairing;
import io.fluxfoam.student.replay.PredictionQueue;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.replay.Reservoir;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.replay.TeacherRegion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the student itself said of a moment when it came, in the target of one that is kept. */
class OwnTargetsTest {
    private static final int NEWEST = 66;
    private static final int KEPT = 6;
    private static final int FRAMES = 220;
    private static final int DIM = 5;

    private final Arena memory = Arena.ofShared();
    private final ReplayMemory replay = ReplayMemory.in(memory);
    private final MomentArena train =
            new MomentArena(
                    replay,
                    Scenery.SHAPE,
                    NEWEST,
                    new Reservoir.Settings(KEPT, .5, false, 3),
                    (_, _) -> 0);
    private final RegionTable regions = new RegionTable(replay, NEWEST + KEPT, true);
    private final PredictionQueue queue = new PredictionQueue();
    private final MomentAssembler assembler =
            new MomentAssembler(
                    FrameShape.STANDARD,
                    train,
                    new MomentArena(replay, Scenery.SHAPE, 2),
                    regions,
                    queue,
                    Pairing.TRUE,
                    1);
    private final RecyclingQueue<Prediction> predictions =
            new RecyclingQueue<>(4, () -> new Prediction(memory));
    private final Learner learner =
            new Learner(
                    new StudentNet(memory, 1, AdamW.DEFAULT, Width.parse("0.125")),
                    HeatmapStatistics.NONE,
                    List.of(),
                    new Progress());
    private final Predictor predictor =
            new Predictor(memory, Scenery.SHAPE, learner, queue, predictions, "language");
    private final Map<Long, float[]> said = new HashMap<>();

    @AfterEach
    void free() {
        memory.close();
    }

    /** Each frame is predicted as it comes; in the teacher's units. */
    private TeacherRegion live() {
        TeacherRegion region =
                regions.add(
                        "language",
                        1,
                        DIM,
                        new TargetSource(Alignment.NONE, ""),
                        Statistics.identity(DIM));
        region.present(true);
        for (int n = 0; n < FRAMES; n++) {
            long frame = Scenery.train(n);
            assembler.picture(frame, n, Scenery.picture(frame), 0);
            assembler.sound(frame, n, Scenery.sound(frame), 0);
            learner.follow(regions.snapshot());
            predictor.turn();
            Prediction made = predictions.takeFilled();
            Region first = made.scaling().layout().regions().getFirst();
            made.scaling()
                    .of(first)
                    .ifPresent(scaling -> said.put(frame, inUnits(scaling, made.heatmap())));
            predictions.giveBack(made);
            assembler.target(region, frame, n, Scenery.features(frame, DIM, 3, 40), 0);
            assembler.expire(Long.MAX_VALUE);
        }
        return region;
    }

    private static float[] inUnits(RegionScaling scaling, MemorySegment standardized) {
        float[] values = new float[DIM];
        scaling.destandardize(standardized, MemorySegment.ofArray(values), 0);
        return values;
    }

    private float[] target(double ownShare, Moment moment) {
        BatchAssembler assembly = new BatchAssembler(memory, learner, train, 1, false, ownShare);
        assertTrue(moment.pinTrainable());
        assembly.plain(0, moment);
        assembly.targets(new Moment[] {moment});
        moment.unpin();
        Batch.Targets targets = assembly.terms().getFirst().targets();
        return targets.include(0).toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void shouldStandInTheTargetOfAKeptMomentAlone() {
        live();
        learner.follow(regions.snapshot());
        RegionScaling scaling =
                learner.scaling().of(regions.snapshot().layout().regions().getFirst()).get();
        List<Long> mixed = new ArrayList<>();
        int newest = 0;
        for (int row = 0; row < train.rowsUsed(); row++) {
            Moment moment = train.moment(row);
            if (!moment.trainable()) {
                continue;
            }
            float[] teachers = target(0, moment);
            float[] quarter = target(.25, moment);
            float[] own = said.get(moment.frameNumber());
            if (!train.keeps(moment) || own == null) {
                assertArrayEquals(teachers, quarter);
                newest += train.keeps(moment) ? 0 : 1;
                continue;
            }
            mixed.add(moment.frameNumber());
            double[] then = scaling.standardize(own);
            for (int i = 0; i < DIM; i++) {
                assertEquals(.75 * teachers[i] + .25 * then[i], quarter[i], 1e-4);
            }
        }
        assertFalse(mixed.isEmpty());
        assertTrue(newest >= NEWEST - 1, "newest=" + newest);
    }
}
