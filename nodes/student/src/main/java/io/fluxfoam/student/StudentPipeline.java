package io.fluxfoam.student;

import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.checkpoint.CheckpointSaver;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.growth.Growth;
import io.fluxfoam.student.growth.ValidationSet;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.CorePlan;
import io.fluxfoam.student.net.InputShape;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.PredictionQueue;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.train.HoldoutFault;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.student.train.Predictor;
import io.fluxfoam.student.train.Progress;
import io.fluxfoam.student.train.RecyclingQueue;
import io.fluxfoam.student.train.StepRecord;
import io.fluxfoam.student.train.Trainer;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everything of a student that is not the foam: memory, network, and the threads' common ground,
 * wired together. Made on the loader's thread; afterwards the assembler and the regions belong to
 * the duty cycle, the loop to the trainer.
 */
final class StudentPipeline {
    private static final int HOLDOUT_MOMENTS = 32;
    private static final int PREDICTIONS_ON_THEIR_WAY = 16;
    private static final int RECORDS_ON_THEIR_WAY = 64;

    private final RegionTable regions;
    private final PredictionQueue queue = new PredictionQueue();
    private final MomentAssembler assembler;
    private final RecyclingQueue<Prediction> predictions;
    private final RecyclingQueue<StepRecord> records;
    private final Progress progress = new Progress();
    private final TrainingLoop loop;

    /**
     * Allocates all memory and loads the newest checkpoint of the store, if there is one.
     *
     * @param sensor what it learns from
     * @param replay where the moments and targets to train on live
     * @param onTrouble told of each checkpoint that cannot be used or saved; from any thread
     * @throws IOException if the newest checkpoint is whole but does not fit: it must not be
     *     overwritten unasked
     */
    StudentPipeline(
            StudentSettings settings,
            SensorCard sensor,
            CheckpointStore store,
            ReplayMemory replay,
            Consumer<IOException> onTrouble)
            throws IOException {
        Arena memory = Arena.ofShared();
        AdamW optimizer =
                new AdamW(
                        settings.learningRate(),
                        AdamW.DEFAULT.weightDecay(),
                        AdamW.DEFAULT.warmUpSteps(),
                        settings.viscosity().viscosity());
        regions =
                new RegionTable(
                        replay,
                        settings.replayMoments() + settings.reservoir().moments(),
                        settings.reservoirOwn() > 0);
        Optional<Checkpoint> saved = load(settings, store, onTrouble);
        Width width = saved.map(Checkpoint::width).orElse(settings.width());
        CorePlan core = settings.core().plan(memory, settings.seed());
        StudentNet net =
                new StudentNet(memory, settings.seed(), optimizer, width, core, settings.renewal());
        HeatmapStatistics statistics = restore(saved, store, net, settings.deterministic());
        InputShape shape = InputShape.of(sensor.frame());
        MomentArena train =
                new MomentArena(
                        replay,
                        shape,
                        settings.replayMoments(),
                        settings.reservoir(),
                        regions::distance);
        MomentArena holdout = new MomentArena(ReplayMemory.in(memory), shape, HOLDOUT_MOMENTS);
        assembler =
                new MomentAssembler(
                        sensor.frame(),
                        train,
                        holdout,
                        regions,
                        queue,
                        settings.pairing(),
                        settings.momentDeadlineNs());
        predictions = new RecyclingQueue<>(PREDICTIONS_ON_THEIR_WAY, () -> new Prediction(memory));
        records =
                new RecyclingQueue<>(RECORDS_ON_THEIR_WAY, () -> new StepRecord(settings.batch()));
        Learner learner = new Learner(net, statistics, regions.snapshot().regions(), progress);
        HoldoutFault fault =
                settings.trainOnHoldout() ? new HoldoutFault(holdout) : HoldoutFault.NONE;
        Growth growth =
                new Growth(
                        learner,
                        progress,
                        settings.growTo(),
                        new ValidationSet(memory, learner, train),
                        Growth.Pace.DEFAULT);
        Trainer trainer =
                new Trainer(
                        memory,
                        learner,
                        train,
                        records,
                        fault,
                        growth,
                        new Trainer.Settings(
                                settings.batch(),
                                settings.seed(),
                                sensor.mirrored(),
                                settings.deterministic(),
                                settings.reservoirOwn()));
        Predictor predictor =
                new Predictor(memory, shape, learner, queue, predictions, settings.language());
        CheckpointSaver saver =
                new CheckpointSaver(
                        store, settings.learner(), learner, settings.saveEveryNs(), onTrouble);
        loop = new TrainingLoop(learner, regions, predictor, trainer, records, saver);
    }

    /** What it has learned before, else what is in the snapshot that it was given. */
    private static Optional<Checkpoint> load(
            StudentSettings settings, CheckpointStore store, Consumer<IOException> onTrouble)
            throws IOException {
        Optional<Checkpoint> saved;
        try {
            saved = store.load(onTrouble);
            if (saved.isPresent()) {
                saved.get().requireSource(settings.learner());
            }
        } catch (IOException e) {
            throw useless(e, store);
        }
        if (saved.isEmpty() && settings.snapshot().isPresent()) {
            Checkpoint snapshot = CheckpointStore.read(settings.snapshot().get());
            snapshot.requireSource(settings.learner());
            saved = Optional.of(snapshot);
        }
        return saved;
    }

    private HeatmapStatistics restore(
            Optional<Checkpoint> saved, CheckpointStore store, StudentNet net, boolean isReadAgain)
            throws IOException {
        if (saved.isEmpty()) {
            return HeatmapStatistics.NONE;
        }
        try {
            saved.get().restore(net);
        } catch (IOException e) {
            throw useless(e, store);
        }
        progress.resume(saved.get().step(), saved.get().loss());
        if (!isReadAgain) {
            resumeRegions(saved.get());
        }
        return saved.get().statistics();
    }

    private static IOException useless(IOException e, CheckpointStore store) {
        return new IOException(e.getMessage() + "; to begin anew, empty " + store.directory(), e);
    }

    private void resumeRegions(Checkpoint checkpoint) {
        HeatmapStatistics statistics = checkpoint.statistics();
        for (int i = 0; i < statistics.statistics().size(); i++) {
            Region region = statistics.layout().regions().get(i);
            regions.add(
                    region.name(),
                    region.tokens(),
                    region.dim(),
                    checkpoint.targetSources().get(i),
                    statistics.statistics().get(i));
        }
    }

    /** Regions of the heatmap. */
    RegionTable regions() {
        return regions;
    }

    /** Where the tensors of the foam go. */
    MomentAssembler assembler() {
        return assembler;
    }

    /** Predictions to publish. */
    RecyclingQueue<Prediction> predictions() {
        return predictions;
    }

    /** Steps to publish. */
    RecyclingQueue<StepRecord> records() {
        return records;
    }

    /** How far the trainer is. */
    Progress progress() {
        return progress;
    }

    /** The trainer's thread. */
    TrainingLoop loop() {
        return loop;
    }
}
