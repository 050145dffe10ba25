package io.fluxfoam.student;

import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.InputShape;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.PredictionQueue;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.ReplayMemory;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.student.train.Predictor;
import io.fluxfoam.student.train.Progress;
import io.fluxfoam.student.train.RecyclingQueue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.function.Consumer;

/**
 * A snapshot that predicts and learns nothing: of all frames the same, HOLDOUT or TRAIN. Belongs to
 * one thread.
 */
final class FrozenStudent {
    private static final int MOMENTS = 2 * MomentAssembler.MAX_PENDING;
    private static final int PREDICTIONS = 4;

    private final MomentAssembler assembler;
    private final Predictor predictor;
    private final RecyclingQueue<Prediction> predictions;

    /**
     * Allocates all memory and takes up the snapshot.
     *
     * @throws IOException if the snapshot is of a student with another core or sensor
     */
    FrozenStudent(StudentSettings settings, SensorCard sensor, Checkpoint snapshot)
            throws IOException {
        snapshot.requireSource(settings.learner());
        Arena memory = Arena.ofShared();
        AdamW never =
                new AdamW(
                        settings.learningRate(),
                        AdamW.DEFAULT.weightDecay(),
                        AdamW.DEFAULT.warmUpSteps(),
                        settings.viscosity().viscosity());
        StudentNet net =
                new StudentNet(
                        memory,
                        settings.seed(),
                        never,
                        snapshot.width(),
                        settings.core().plan(memory, settings.seed()));
        snapshot.restore(net);
        ReplayMemory rows = ReplayMemory.in(memory);
        RegionTable regions = new RegionTable(rows, MOMENTS);
        HeatmapStatistics statistics = snapshot.statistics();
        for (int i = 0; i < snapshot.targetSources().size(); i++) {
            Region region = statistics.layout().regions().get(i);
            regions.add(
                    region.name(),
                    region.tokens(),
                    region.dim(),
                    snapshot.targetSources().get(i),
                    statistics.statistics().get(i));
        }
        InputShape shape = InputShape.of(sensor.frame());
        PredictionQueue queue = new PredictionQueue();
        assembler =
                new MomentAssembler(
                        sensor.frame(),
                        new MomentArena(rows, shape, MOMENTS),
                        new MomentArena(ReplayMemory.in(memory), shape, MOMENTS),
                        regions,
                        queue,
                        settings.pairing(),
                        settings.momentDeadlineNs());
        predictions = new RecyclingQueue<>(PREDICTIONS, () -> new Prediction(memory));
        Learner learner =
                new Learner(net, statistics, regions.snapshot().regions(), new Progress());
        predictor = new Predictor(memory, shape, learner, queue, predictions, settings.language());
    }

    /** Where the sensor's frames go. */
    MomentAssembler assembler() {
        return assembler;
    }

    /** Predicts frames that wait, and hands on each; returns how many. */
    int predict(long nowNs, Consumer<Prediction> taker) {
        assembler.expire(nowNs);
        int count = predictor.turn();
        for (Prediction made = predictions.takeFilled(); made != null; ) {
            taker.accept(made);
            predictions.giveBack(made);
            made = predictions.takeFilled();
        }
        return count;
    }
}
