package io.fluxfoam.student;

import io.fluxfoam.distill.FeatureReader;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.growth.Growth;
import io.fluxfoam.student.growth.ValidationSet;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.InputShape;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.Pairing;
import io.fluxfoam.student.replay.PredictionQueue;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.replay.TeacherRegion;
import io.fluxfoam.student.train.HeldOutPredictor;
import io.fluxfoam.student.train.HoldoutFault;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.student.train.Progress;
import io.fluxfoam.student.train.RecyclingQueue;
import io.fluxfoam.student.train.StepRecord;
import io.fluxfoam.student.train.Trainer;
import io.fluxfoam.tape.TapeEntry;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A student without a foam that has all moments of a tape in its replay from the beginning. */
final class TapedStudent implements AutoCloseable {
    private static final int SPARE_ROWS = 128;

    private final Arena memory = Arena.ofShared();
    private final MomentArena holdout;
    private final RegionTable regions;
    private final MomentAssembler assembler;
    private final Learner learner;
    private final Trainer trainer;
    private final RecyclingQueue<StepRecord> records;
    private final HeldOutPredictor predictor;
    private final Map<String, TeacherRegion> joined = new HashMap<>();
    private final Map<String, FeatureReader> readers = new HashMap<>();
    private final RecordedMoments moments;

    TapedStudent(CoreOptions core, long seed, int batch, RecordedMoments moments)
            throws IOException {
        this.moments = moments;
        InputShape shape = InputShape.of(moments.sensor().frame());
        ReplayMemory replay = ReplayMemory.in(memory);
        int rows = moments.trainFrames() + SPARE_ROWS;
        MomentArena train = new MomentArena(replay, shape, rows);
        holdout = new MomentArena(replay, shape, moments.heldOutFrames() + SPARE_ROWS);
        regions = new RegionTable(replay, rows);
        assembler =
                new MomentAssembler(
                        moments.sensor().frame(),
                        train,
                        holdout,
                        regions,
                        new PredictionQueue(),
                        Pairing.TRUE,
                        Long.MAX_VALUE);
        StudentNet net =
                new StudentNet(
                        memory, seed, AdamW.DEFAULT, Width.PACKAGED, core.plan(memory, seed));
        Progress progress = new Progress();
        learner = new Learner(net, HeatmapStatistics.NONE, regions.snapshot().regions(), progress);
        records = new RecyclingQueue<>(4, () -> new StepRecord(batch));
        Growth growth =
                new Growth(
                        learner,
                        progress,
                        Width.PACKAGED,
                        new ValidationSet(memory, learner, train),
                        Growth.Pace.DEFAULT);
        trainer =
                new Trainer(
                        memory,
                        learner,
                        train,
                        records,
                        HoldoutFault.NONE,
                        growth,
                        new Trainer.Settings(batch, seed, moments.sensor().mirrored()));
        predictor = new HeldOutPredictor(memory, shape, learner, LoopNodes.TEACHER_LLM);
        moments.read(this::take);
        assembler.expire(Long.MAX_VALUE);
    }

    private void take(TapeEntry entry) {
        if (!(entry instanceof TapeEntry.Tensor tensor)) {
            return;
        }
        long frame = tensor.frameNumber();
        switch (tensor.target()) {
            case LoopNodes.SENSOR + "/" + LoopStreams.PICTURE ->
                    assembler.picture(frame, tensor.captureNs(), tensor.payload(), 0);
            case LoopNodes.SENSOR + "/" + LoopStreams.SOUND ->
                    assembler.sound(frame, tensor.captureNs(), tensor.payload(), 0);
            default -> {
                TeacherCard card = moments.teachers().get(tensor.node());
                if (tensor.stream().equals(LoopStreams.FEATURES)
                        && card != null
                        && !HoldoutRule.isHoldout(frame)) {
                    target(tensor, card);
                }
            }
        }
    }

    private void target(TapeEntry.Tensor tensor, TeacherCard card) {
        FeatureReader reader = readers.computeIfAbsent(tensor.node(), _ -> new FeatureReader());
        MemorySegment values = reader.read(tensor.shape(), tensor.payload(), card);
        int floats = (int) (values.byteSize() / Float.BYTES);
        TeacherRegion region =
                joined.computeIfAbsent(
                        tensor.node(),
                        name -> {
                            int dim = (int) tensor.shape()[tensor.shape().length - 1];
                            TeacherRegion added =
                                    regions.add(
                                            name,
                                            floats / dim,
                                            dim,
                                            TargetSource.of(card),
                                            Statistics.identity(dim));
                            added.present(true);
                            added.scaleKnown(card.scaleKnown());
                            return added;
                        });
        assembler.target(region, tensor.frameNumber(), tensor.captureNs(), values, 0);
    }

    Trainer.Outcome step() {
        learner.follow(regions.snapshot());
        Trainer.Outcome outcome = trainer.step();
        for (StepRecord record = records.takeFilled();
                record != null;
                record = records.takeFilled()) {
            records.giveBack(record);
        }
        return outcome;
    }

    /** Predicts all held-out frames. */
    void predict(Consumer<Prediction> reader) {
        for (int row = 0; row < holdout.rowsUsed(); row++) {
            Moment moment = holdout.moment(row);
            if (moment.pinComplete()) {
                reader.accept(predictor.predict(holdout, moment));
                moment.unpin();
            }
        }
    }

    long parameters() {
        return learner.net().parameterCount();
    }

    static float[] floats(MemorySegment values, int from, int count) {
        return values.asSlice((long) from * Float.BYTES, (long) count * Float.BYTES)
                .toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        memory.close();
    }
}
