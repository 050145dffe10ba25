package io.fluxfoam.student;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.node.Node;
import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.student.train.StepRecord;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The student's streams. Belongs to the duty cycle. */
final class Publisher {
    private static final int MAX_LAYOUT_BYTES = 4096;
    private static final int STEP_SLOTS = 256;
    private static final int HOLDOUT_SLOTS = 64;
    private static final int VOICE_READERS = 4;

    /** Half a minute of utterances and more, for whoever asks for one of a certain frame. */
    private static final int VOICE_SLOTS = 16;

    private static final double NS_PER_MS = 1e6;

    private final StreamWriter layout;
    private final StreamWriter statistics;
    private final StreamWriter heatmap;
    private final StreamWriter holdout;
    private final StreamWriter steps;
    private final StreamWriter voice;
    private final Counter utterances;
    private final Gauge utteranceCpuMillis;
    private HeatmapScaling described = HeatmapScaling.NONE;

    /**
     * Declares all streams of the student.
     *
     * @param speaking whether it says aloud what it sees
     */
    Publisher(Node node, boolean speaking) throws IOException {
        layout = node.publish(StreamSpec.of(LoopStreams.LAYOUT, DType.U8, MAX_LAYOUT_BYTES));
        statistics =
                node.publish(
                        StreamSpec.of(
                                LoopStreams.STATISTICS, DType.F32, 2, RegionTable.MAX_FLOATS));
        heatmap =
                node.publish(StreamSpec.of(LoopStreams.HEATMAP, DType.F32, RegionTable.MAX_FLOATS));
        holdout =
                node.publish(
                        StreamSpec.of(
                                        LoopStreams.HOLDOUT,
                                        DType.F32,
                                        Prediction.VIEWS,
                                        Prediction.MAX_VIEW_FLOATS)
                                .slots(HOLDOUT_SLOTS));
        steps =
                node.publish(
                        StreamSpec.of(LoopStreams.STEPS, DType.I64, 1 + StudentSettings.MAX_BATCH)
                                .slots(STEP_SLOTS));
        voice = speaking ? node.publish(voice()) : null;
        utterances = speaking ? node.counters().counter(LoopCounters.UTTERANCES) : null;
        utteranceCpuMillis =
                speaking ? node.counters().gauge(LoopCounters.UTTERANCE_CPU_MILLIS) : null;
    }

    private static StreamSpec voice() {
        return StreamSpec.of(LoopStreams.VOICE, DType.F32, MelSpectrogram.SAMPLES)
                .maxReaders(VOICE_READERS)
                .slots(VOICE_SLOTS);
    }

    /** Publishes what was said, if there is anything, and lets the vocalizer go on. */
    boolean utterance(Vocalizer vocalizer) {
        if (!vocalizer.hasSaid()) {
            return false;
        }
        float[] samples = vocalizer.samples();
        try (Claim claim = voice.claim().shape(samples.length)) {
            MemorySegment.copy(
                    samples, 0, claim.payload(), ValueLayout.JAVA_FLOAT, 0, samples.length);
            claim.commit(vocalizer.frameNumber(), vocalizer.captureNs());
        }
        utterances.increment();
        utteranceCpuMillis.set(vocalizer.cpuNs() / NS_PER_MS);
        vocalizer.taken();
        return true;
    }

    /** Publishes the frames of a step. */
    void step(StepRecord record) {
        long[] frames = record.frames();
        try (Claim claim = steps.claim().shape(1 + frames.length)) {
            MemorySegment payload = claim.payload();
            payload.setAtIndex(ValueLayout.JAVA_LONG, 0, record.step());
            MemorySegment.copy(
                    frames, 0, payload, ValueLayout.JAVA_LONG, Long.BYTES, frames.length);
            claim.commit(frames[0], System.nanoTime());
        }
    }

    /**
     * Publishes a prediction in the teachers' own units; before it, how to read it if that has
     * changed.
     */
    void prediction(Prediction prediction) {
        HeatmapScaling scaling = prediction.scaling();
        if (scaling != described) {
            describe(scaling, prediction);
            described = scaling;
        }
        int floats = scaling.layout().floats();
        try (Claim claim = heatmap.claim().shape(floats).tag(prediction.tag().bits())) {
            scaling.destandardize(prediction.heatmap(), floats(claim, floats));
            claim.commit(prediction.frameNumber(), prediction.captureNs());
        }
        Region viewed = prediction.viewed();
        if (viewed != null) {
            int length = viewed.length();
            try (Claim claim =
                    holdout.claim().shape(Prediction.VIEWS, length).tag(prediction.tag().bits())) {
                scaling.of(viewed)
                        .orElseThrow()
                        .destandardize(
                                prediction.views(), floats(claim, Prediction.VIEWS * length), 0);
                claim.commit(prediction.frameNumber(), prediction.captureNs());
            }
        }
    }

    private void describe(HeatmapScaling scaling, Prediction cause) {
        byte[] text = scaling.layout().text().getBytes(StandardCharsets.UTF_8);
        int version = scaling.layout().version();
        try (Claim claim = layout.claim().shape(text.length).tag(version)) {
            MemorySegment.copy(text, 0, claim.payload(), ValueLayout.JAVA_BYTE, 0, text.length);
            claim.commit(cause.frameNumber(), cause.captureNs());
        }
        int floats = scaling.layout().floats();
        try (Claim claim = statistics.claim().shape(2, floats).tag(version)) {
            scaling.write(floats(claim, 2 * floats));
            claim.commit(cause.frameNumber(), cause.captureNs());
        }
    }

    private static MemorySegment floats(Claim claim, int count) {
        return claim.payload().asSlice(0, (long) count * Float.BYTES);
    }
}
