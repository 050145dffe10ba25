package io.fluxfoam.student;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.speech.Vocoder;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.TeacherRegion;
import io.fluxfoam.student.train.Prediction;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes samples of what the student says of held-out frames, on a thread of its own, beside trainer
 * and duty cycle: one utterance at a time, one in a second at most, and so few that they take no
 * more than a twentieth of a processor. Frames that come meanwhile are not said. One word decides
 * whose the utterance is:
 *
 * <pre>{@code
 * FREE -> ASKED       duty cycle: the spectrogram is there
 * ASKED -> SAID       this thread: the samples are there
 * SAID -> FREE        duty cycle: they are published
 * }</pre>
 */
final class Vocalizer implements AutoCloseable {
    private static final long LEAST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SHARE = 20;
    private static final long LONGEST_SLEEP_NS = TimeUnit.SECONDS.toNanos(1);

    private enum State {
        FREE,
        ASKED,
        SAID
    }

    private final RegionTable regions;
    private final Runnable onSaid;
    private final Thread thread;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final float[] spectrogram = new float[MelSpectrogram.LENGTH];
    private final float[] samples = new float[MelSpectrogram.SAMPLES];
    private long frameNumber;
    private long captureNs;
    private long cpuNs;
    private long nextNs = Long.MIN_VALUE;
    private volatile State state = State.FREE;
    private volatile boolean closed;

    /**
     * Begins its thread.
     *
     * @param regions knows which one is an utterance
     * @param onSaid called by its thread when there is something to take
     */
    Vocalizer(RegionTable regions, String node, Runnable onSaid) {
        this.regions = regions;
        this.onSaid = onSaid;
        thread = Thread.ofPlatform().daemon().name("foam-voice-" + node).start(this::run);
    }

    /** Duty cycle: says this prediction, if it is of a held-out frame and there is time. */
    void offer(Prediction prediction, long nowNs) {
        if (state != State.FREE || nowNs < nextNs) {
            return;
        }
        if (!HoldoutRule.isHoldout(prediction.frameNumber())) {
            return;
        }
        Optional<Region> region = region(prediction.scaling());
        Optional<RegionScaling> scaling = region.flatMap(prediction.scaling()::of);
        if (scaling.isEmpty()) {
            return;
        }
        MemorySegment standardized =
                prediction
                        .heatmap()
                        .asSlice(
                                (long) region.get().offset() * Float.BYTES,
                                (long) MelSpectrogram.LENGTH * Float.BYTES);
        scaling.get().destandardize(standardized, MemorySegment.ofArray(spectrogram), 0);
        frameNumber = prediction.frameNumber();
        captureNs = prediction.captureNs();
        nextNs = nowNs;
        state = State.ASKED;
        LockSupport.unpark(thread);
    }

    /** The region that is an utterance as we can say one. */
    private Optional<Region> region(HeatmapScaling scaling) {
        return regions.snapshot().regions().stream()
                .filter(region -> region.targetSource().alignment() == Alignment.SPEECH)
                .map(TeacherRegion::region)
                .filter(region ->
                        region.tokens() == MelSpectrogram.STEPS
                                && region.dim() == MelSpectrogram.BANDS)
                .filter(scaling.layout().regions()::contains)
                .findFirst();
    }

    /** Duty cycle: whether there is an utterance to take. */
    boolean hasSaid() {
        return state == State.SAID;
    }

    /** Duty cycle, while there is one: its samples. */
    float[] samples() {
        return samples;
    }

    /** Duty cycle, while there is one: the frame that it is of. */
    long frameNumber() {
        return frameNumber;
    }

    /** Duty cycle, while there is one: when that was captured. */
    long captureNs() {
        return captureNs;
    }

    /** Duty cycle, while there is one: CPU time that it took. */
    long cpuNs() {
        return cpuNs;
    }

    /** Duty cycle: what was said has been taken. */
    void taken() {
        nextNs += Math.max(LEAST_PAUSE_NS, SHARE * cpuNs);
        state = State.FREE;
    }

    private void run() {
        Vocoder vocoder = new Vocoder();
        while (!closed) {
            if (state == State.ASKED) {
                long beforeNs = threads.getCurrentThreadCpuTime();
                vocoder.speak(spectrogram, frameNumber, samples);
                cpuNs = threads.getCurrentThreadCpuTime() - beforeNs;
                state = State.SAID;
                onSaid.run();
            } else {
                LockSupport.parkNanos(LONGEST_SLEEP_NS);
            }
        }
    }

    /** Ends its thread; what it is about to say is not said. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
