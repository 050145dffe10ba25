package io.fluxfoam.student;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.growth.Growth;
import io.fluxfoam.student.growth.ValidationSet;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.Pairing;
import io.fluxfoam.student.replay.PredictionQueue;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.replay.TeacherRegion;
import io.fluxfoam.student.train.HoldoutFault;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.student.train.Predictor;
import io.fluxfoam.student.train.Progress;
import io.fluxfoam.student.train.RecyclingQueue;
import io.fluxfoam.student.train.StepRecord;
import io.fluxfoam.student.train.Trainer;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A student without threads and without a foam, small and seeded: tests turn it by hand. */
public final class Rig implements AutoCloseable {
    public static final int BATCH = 4;
    public static final int ROWS = 300;

    /** A quarter of the packaged one's channels: what turns here is the same. */
    public static final Width WIDTH = Width.parse("0.25");

    public final Arena memory = Arena.ofShared();
    public final MomentArena train = new MomentArena(ReplayMemory.in(memory), Scenery.SHAPE, ROWS);
    final MomentArena holdout = new MomentArena(ReplayMemory.in(memory), Scenery.SHAPE, 8);
    public final RegionTable regions = new RegionTable(ReplayMemory.in(memory), ROWS);
    public final PredictionQueue queue = new PredictionQueue();
    public final MomentAssembler assembler =
            new MomentAssembler(
                    FrameShape.STANDARD, train, holdout, regions, queue, Pairing.TRUE, 1);
    public final RecyclingQueue<StepRecord> records =
            new RecyclingQueue<>(8, () -> new StepRecord(BATCH));
    public final RecyclingQueue<Prediction> predictions =
            new RecyclingQueue<>(4, () -> new Prediction(memory));
    public final Progress progress = new Progress();
    public final Learner learner;
    public final Predictor predictor;
    public final Trainer trainer;
    public final List<Long> published = new ArrayList<>();
    private int fed;

    public Rig(boolean faulty) {
        this(faulty, WIDTH);
    }

    public Rig(boolean faulty, Width growTo) {
        this(faulty, WIDTH, growTo);
    }

    /** As wide as the packaged one. */
    public static Rig packaged() {
        return new Rig(false, Width.PACKAGED, Width.PACKAGED);
    }

    private Rig(boolean faulty, Width width, Width growTo) {
        StudentNet net = new StudentNet(memory, 1, AdamW.DEFAULT, width);
        learner = new Learner(net, HeatmapStatistics.NONE, List.of(), progress);
        predictor = new Predictor(memory, Scenery.SHAPE, learner, queue, predictions, "language");
        HoldoutFault fault = faulty ? new HoldoutFault(holdout) : HoldoutFault.NONE;
        ValidationSet heldBack = new ValidationSet(memory, learner, train);
        Growth growth = new Growth(learner, progress, growTo, heldBack, Growth.Pace.DEFAULT);
        trainer =
                new Trainer(
                        memory,
                        learner,
                        train,
                        records,
                        fault,
                        growth,
                        new Trainer.Settings(BATCH, 5, false));
    }

    public TeacherRegion join(String teacher, int tokens, int dim, Alignment alignment) {
        TeacherRegion region =
                regions.add(
                        teacher,
                        tokens,
                        dim,
                        new TargetSource(alignment, ""),
                        Statistics.identity(dim));
        region.present(true);
        return region;
    }

    /** Values of the head that a teacher gets that joins first. */
    public float[] joined(String teacher, int tokens, int dim, Alignment alignment) {
        join(teacher, tokens, dim, alignment);
        learner.follow(regions.snapshot());
        return learner.net().groups().get(1).values().toArray(ValueLayout.JAVA_FLOAT);
    }

    public void joinAll() {
        join("vision", 40, 6, Alignment.PICTURE);
        join("hearing", 23, 5, Alignment.SOUND);
        join("language", 1, 12, Alignment.NONE);
    }

    /**
     * Lets this many more TRAIN frames arrive, with the tensors of all teachers that are present.
     */
    public void feed(int count) {
        for (int end = fed + count; fed < end; fed++) {
            feed(Scenery.train(fed));
        }
    }

    /** Lets one frame arrive in the same way. */
    public void feed(long frame) {
        input(frame);
        for (TeacherRegion region : regions.snapshot().regions()) {
            if (region.present()) {
                int floats = region.region().length();
                double scale = floats % 7 + 1;
                assembler.target(
                        region, frame, frame, Scenery.features(frame, floats, scale, 100), 0);
            }
        }
        assembler.expire(Long.MAX_VALUE);
    }

    public void input(long frame) {
        assembler.picture(frame, frame, Scenery.picture(frame), 0);
        assembler.sound(frame, frame, Scenery.sound(frame), 0);
    }

    /** One turn of the trainer, and of a duty cycle that publishes at once. */
    public Trainer.Outcome turn() {
        learner.follow(regions.snapshot());
        Trainer.Outcome outcome = trainer.step();
        for (StepRecord record = records.takeFilled();
                record != null;
                record = records.takeFilled()) {
            for (long frame : record.frames()) {
                published.add(frame);
            }
            records.giveBack(record);
        }
        return outcome;
    }

    @Override
    public void close() {
        memory.close();
    }
}
