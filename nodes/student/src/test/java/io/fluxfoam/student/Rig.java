package io.fluxfoam.student;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.net.Width;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A student without threads and without a foam, small and seeded: tests turn it by hand. */
final class Rig implements AutoCloseable {
    static final int BATCH = 4;
    static final int ROWS = 300;

    final Arena memory = Arena.ofShared();
    final MomentArena train = new MomentArena(ReplayMemory.in(memory), ROWS);
    final MomentArena holdout = new MomentArena(ReplayMemory.in(memory), 8);
    final RegionTable regions = new RegionTable(ReplayMemory.in(memory), ROWS);
    final PredictionQueue queue = new PredictionQueue();
    final MomentAssembler assembler =
            new MomentAssembler(train, holdout, regions, queue, Pairing.TRUE, 1);
    final Handover<StepRecord> records = new Handover<>(8, () -> new StepRecord(BATCH));
    final Handover<Prediction> predictions = new Handover<>(4, () -> new Prediction(memory));
    final Progress progress = new Progress();
    final Learner learner;
    final Predictor predictor;
    final Trainer trainer;
    final List<Long> published = new ArrayList<>();
    private int fed;

    Rig(boolean faulty) {
        this(faulty, Width.PACKAGED);
    }

    Rig(boolean faulty, Width growTo) {
        StudentNet net = new StudentNet(memory, 1, AdamW.DEFAULT, Width.PACKAGED);
        learner = new Learner(net, Expression.NONE, List.of(), progress);
        predictor = new Predictor(learner, queue, predictions, "language");
        HoldoutFault fault = faulty ? new HoldoutFault(holdout) : HoldoutFault.NONE;
        HeldBack heldBack = new HeldBack(memory, learner, train);
        Growth growth = new Growth(learner, progress, growTo, heldBack, Growth.Pace.DEFAULT);
        trainer = new Trainer(memory, learner, train, records, progress, fault, growth, BATCH, 5);
    }

    TeacherRegion join(String teacher, int tokens, int dim, Alignment alignment) {
        TeacherRegion region =
                regions.add(
                        teacher,
                        tokens,
                        dim,
                        new Origin(alignment, ""),
                        Statistics.identity(dim));
        region.present(true);
        return region;
    }

    /** Values of the head that a teacher gets that joins first. */
    float[] joined(String teacher, int tokens, int dim, Alignment alignment) {
        join(teacher, tokens, dim, alignment);
        learner.follow(regions.snapshot());
        return learner.net().groups().get(1).values().toArray(ValueLayout.JAVA_FLOAT);
    }

    void joinAll() {
        join("vision", 40, 6, Alignment.PICTURE);
        join("hearing", 23, 5, Alignment.SOUND);
        join("language", 1, 12, Alignment.NONE);
    }

    /**
     * Lets this many more TRAIN frames arrive, with the tensors of all teachers that are present.
     */
    void feed(int count) {
        for (int end = fed + count; fed < end; fed++) {
            feed(Scenery.train(fed));
        }
    }

    /** Lets one frame arrive in the same way. */
    void feed(long frame) {
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

    void input(long frame) {
        assembler.picture(frame, frame, Scenery.picture(frame), 0);
        assembler.sound(frame, frame, Scenery.sound(frame), 0);
    }

    /** One turn of the trainer, and of a duty cycle that publishes at once. */
    Trainer.Outcome turn() {
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
