package io.fluxfoam.student;

import io.fluxfoam.distill.FeatureReader;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.distill.TeacherVerdict;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A student without a foam that is taught from a tape: all at once, before its first step, or
 * moment by moment as they came.
 */
public final class TapedStudent implements AutoCloseable {
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
    private final Map<String, Obedience> obediences = new HashMap<>();
    private final PredictionQueue waiting = new PredictionQueue();
    private final RecordedMoments moments;
    private long withdrawn;

    /** One that has all moments of the tape in its replay. */
    static TapedStudent ofAll(CoreOptions core, long seed, int batch, RecordedMoments moments)
            throws IOException {
        TapedStudent student = new TapedStudent(core, Width.PACKAGED, seed, batch, moments);
        moments.read(student::take);
        student.assembler.expire(Long.MAX_VALUE);
        return student;
    }

    /** One that has nothing yet, but has room for all. */
    public TapedStudent(
            CoreOptions core, Width width, long seed, int batch, RecordedMoments moments)
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
                        waiting,
                        Pairing.TRUE,
                        Long.MAX_VALUE);
        StudentNet net =
                new StudentNet(memory, seed, AdamW.DEFAULT, width, core.plan(memory, seed));
        Progress progress = new Progress();
        learner = new Learner(net, HeatmapStatistics.NONE, regions.snapshot().regions(), progress);
        records = new RecyclingQueue<>(4, () -> new StepRecord(batch));
        Growth growth =
                new Growth(
                        learner,
                        progress,
                        width,
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
    }

    private void take(TapeEntry entry) {
        if (entry instanceof TapeEntry.Tensor tensor) {
            see(tensor);
            if (isOfTeacher(tensor) && !HoldoutRule.isHoldout(tensor.frameNumber())) {
                target(tensor, values(tensor));
            }
        }
    }

    /** Whether it is what a teacher said of a frame. */
    public boolean isOfTeacher(TapeEntry.Tensor tensor) {
        return tensor.stream().equals(LoopStreams.FEATURES)
                && moments.teachers().containsKey(tensor.node());
    }

    /** Takes what the sensor saw or heard; anything else is passed over. */
    public void see(TapeEntry.Tensor tensor) {
        long frame = tensor.frameNumber();
        switch (tensor.target()) {
            case LoopNodes.SENSOR + "/" + LoopStreams.PICTURE ->
                    assembler.picture(frame, tensor.captureNs(), tensor.payload(), 0);
            case LoopNodes.SENSOR + "/" + LoopStreams.SOUND ->
                    assembler.sound(frame, tensor.captureNs(), tensor.payload(), 0);
            default -> {}
        }
    }

    /** What a teacher said, as the student reads it. */
    public float[] values(TapeEntry.Tensor tensor) {
        return readers.computeIfAbsent(tensor.node(), _ -> new FeatureReader())
                .read(tensor.shape(), tensor.payload(), moments.teachers().get(tensor.node()))
                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** Takes these values as what a teacher said of a TRAIN frame. */
    public void target(TapeEntry.Tensor tensor, float[] values) {
        TeacherRegion region =
                joined.computeIfAbsent(
                        tensor.node(), name -> join(name, dim(tensor), values.length));
        Obedience obedience = obedience(tensor.node());
        if (obedience.refuses(tensor.frameNumber())) {
            obedience.refused();
            assembler.passOver(region, tensor.frameNumber());
        } else {
            assembler.target(
                    region,
                    tensor.frameNumber(),
                    tensor.captureNs(),
                    MemorySegment.ofArray(values),
                    0);
        }
        assembler.expire(0);
    }

    /** Values in a row of a teacher's tensor. */
    public static int dim(TapeEntry.Tensor tensor) {
        return (int) tensor.shape()[tensor.shape().length - 1];
    }

    private TeacherRegion join(String name, int dim, int floats) {
        TeacherCard card = moments.teachers().get(name);
        TeacherRegion added =
                regions.add(
                        name, floats / dim, dim, TargetSource.of(card), Statistics.identity(dim));
        added.present(true);
        added.scaleKnown(card.scaleKnown());
        return added;
    }

    private Obedience obedience(String teacher) {
        return obediences.computeIfAbsent(teacher, _ -> new Obedience(count -> withdrawn += count));
    }

    /** Follows what is held of the teachers. */
    public void obey(List<TeacherVerdict> verdicts) {
        for (TeacherVerdict verdict : verdicts) {
            TeacherRegion region = joined.get(verdict.teacher());
            if (region != null) {
                obedience(verdict.teacher()).follow(Optional.of(verdict), region, assembler);
            }
        }
    }

    /** How many targets it gave up or did not take. */
    public long withdrawn() {
        return withdrawn;
    }

    /** Predicts the moments whose picture and sound have come since the last call. */
    public void predictNew(Consumer<Prediction> reader) {
        learner.follow(regions.snapshot());
        for (PredictionQueue.Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            if (joined.containsKey(LoopNodes.TEACHER_LLM) && next.moment().pinComplete()) {
                reader.accept(predictor.predict(next.arena(), next.moment()));
                next.moment().unpin();
            }
        }
    }

    /** Takes one step of training. */
    public Trainer.Outcome step() {
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
    public void predict(Consumer<Prediction> reader) {
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

    /** Some floats of a segment. */
    static float[] floats(MemorySegment values, int from, int count) {
        return values.asSlice((long) from * Float.BYTES, (long) count * Float.BYTES)
                .toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        memory.close();
    }
}
