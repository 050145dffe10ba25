package io.fluxfoam.student;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.stream.CommitRate;
import io.fluxfoam.student.replay.GpuFusion;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.train.Progress;

/** The student's figures in its counters file. Belongs to the duty cycle. */
final class StudentCounters {
    private final Counters counters;
    private final Counter step;
    private final Counter savedStep;
    private final Gauge loss;
    private final Gauge stepsPerSecond;
    private final Gauge samplesPerSecond;
    private final Gauge momentsPerSecond;
    private final Counter parameters;
    private final Gauge width;
    private final Counter growthTrial;
    private final Counter growths;
    private final Counter refusedGrowths;
    private final Counter copiedBytes;
    private final Counter fusedOnGpu;
    private final Counter incompleteMoments;
    private final Counter refusedTensors;
    private final Counter refusedSteps;
    private final Counter failedSaves;
    private final Counter lateTargets;
    private final Counter droppedPredictions;
    private final CommitRate stepRate = new CommitRate();
    private final CommitRate sampleRate = new CommitRate();
    private final CommitRate momentRate = new CommitRate();

    StudentCounters(Counters counters) {
        this.counters = counters;
        step = counters.counter(LoopCounters.STEP);
        savedStep = counters.counter(LoopCounters.SAVED_STEP);
        loss = counters.gauge(LoopCounters.LOSS);
        stepsPerSecond = counters.gauge(LoopCounters.STEPS_PER_SECOND);
        samplesPerSecond = counters.gauge(LoopCounters.SAMPLES_PER_SECOND);
        momentsPerSecond = counters.gauge(LoopCounters.MOMENTS_PER_SECOND);
        parameters = counters.counter(LoopCounters.PARAMETERS);
        width = counters.gauge(LoopCounters.WIDTH);
        growthTrial = counters.counter(LoopCounters.GROWTH_TRIAL);
        growths = counters.counter(LoopCounters.GROWTHS);
        refusedGrowths = counters.counter(LoopCounters.REFUSED_GROWTHS);
        // On the host a payload's first use is its standardisation into the replay: there is no
        // other copy to count.
        copiedBytes = counters.counter(LoopCounters.COPIED_BYTES);
        fusedOnGpu = counters.counter(LoopCounters.FUSED_ON_GPU);
        incompleteMoments = counters.counter(LoopCounters.INCOMPLETE_MOMENTS);
        refusedTensors = counters.counter(LoopCounters.REFUSED_TENSORS);
        refusedSteps = counters.counter(LoopCounters.REFUSED_STEPS);
        failedSaves = counters.counter(LoopCounters.FAILED_SAVES);
        lateTargets = counters.counter(LoopCounters.LATE_TARGETS);
        droppedPredictions = counters.counter(LoopCounters.DROPPED_PREDICTIONS);
    }

    /** Brings all figures up to date; there is no fusion on a GPU if it is null. */
    void update(Progress progress, MomentAssembler assembler, GpuFusion fusion, long nowNs) {
        if (fusion != null) {
            copiedBytes.set(fusion.copiedBytes());
            fusedOnGpu.set(fusion.fusedTensors());
        }
        step.set(progress.step());
        savedStep.set(progress.savedStep());
        loss.set(progress.loss());
        stepsPerSecond.set(stepRate.update(nowNs, progress.stepsThisLife()));
        samplesPerSecond.set(sampleRate.update(nowNs, progress.samplesThisLife()));
        momentsPerSecond.set(momentRate.update(nowNs, assembler.trainableMoments()));
        parameters.set(progress.parameters());
        width.set(progress.width());
        growthTrial.set(progress.trying() ? 1 : 0);
        growths.set(progress.growths());
        refusedGrowths.set(progress.refusedGrowths());
        if (progress.renewedUnits() >= 0) { // of units that nobody watches a zero would be a lie
            counters.counter(LoopCounters.RENEWED_UNITS).set(progress.renewedUnits());
            counters.counter(LoopCounters.DEAD_UNITS).set(progress.deadUnits());
        }
        incompleteMoments.set(assembler.incompleteMoments());
        refusedTensors.set(assembler.refusedTensors());
        refusedSteps.set(progress.refusedSteps());
        failedSaves.set(progress.failedSaves());
        lateTargets.set(assembler.lateTargets());
        droppedPredictions.set(assembler.droppedPredictions());
    }
}
