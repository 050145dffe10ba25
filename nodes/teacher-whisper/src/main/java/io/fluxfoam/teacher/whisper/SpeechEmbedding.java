package io.fluxfoam.teacher.whisper;

import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.OnnxModel;
import io.fluxfoam.teacher.OnnxOptions;
import io.fluxfoam.teacher.OnnxRun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Google's speech embedding as openWakeWord ships it: a log-mel spectrogram of the whole window
 * (its clamp is relative to the loudest value of what it is given, so windows are never joined),
 * then one embedding for every 8 frames, each from 76 frames. Embedding i covers samples [1280 i,
 * 1280 i + 12512); a window that is shorter than that has silence behind it. Made ready anew when
 * windows of another length come. For one thread.
 */
final class SpeechEmbedding implements AutoCloseable {
    /** Length of one embedding. */
    static final int CHANNELS = 96;

    private static final int BANDS = 32;
    private static final int HOP = 160;
    private static final int KERNEL = 512;
    private static final int WINDOW_FRAMES = 76;
    private static final int STRIDE_FRAMES = 8;
    private static final int LEAST_SAMPLES = KERNEL + (WINDOW_FRAMES - 1) * HOP;

    /** The spectrogram wants the values of 16-bit samples, as floats. */
    private static final float INT16 = 32_767;

    private static final float MEL_SCALE = 0.1f;
    private static final float MEL_SHIFT = 2;

    private final OnnxModel melModel;
    private final OnnxModel embeddingModel;
    private int samples;
    private int frames;
    private OnnxRun melRun;
    private OnnxRun[] embeddingRuns = {};
    private MemorySegment pcm;
    private MemorySegment mel;

    /**
     * Loads the models.
     *
     * @param samples length of the sound windows that come first
     */
    SpeechEmbedding(ModelDirectory models, int threads, int samples) {
        this.melModel =
                OnnxModel.open(models.file("melspectrogram.onnx"), OnnxOptions.threads(threads));
        this.embeddingModel =
                OnnxModel.open(models.file("embedding_model.onnx"), OnnxOptions.threads(threads));
        prepare(samples);
    }

    private void prepare(int newSamples) {
        closeRuns();
        int heard = Math.max(newSamples, LEAST_SAMPLES);
        samples = newSamples;
        frames = frames(heard);
        pcm = Arena.ofAuto().allocate((long) heard * Float.BYTES, 64);
        mel = Arena.ofAuto().allocate((long) frames * BANDS * Float.BYTES, 64);
        melRun =
                melModel.newRun()
                        .input("input", pcm, 1, heard)
                        .output("output", mel, 1, 1, frames, BANDS);
        embeddingRuns = new OnnxRun[embeddings(samples)];
        for (int i = 0; i < embeddingRuns.length; i++) {
            long offset = (long) i * STRIDE_FRAMES * BANDS * Float.BYTES;
            MemorySegment window = mel.asSlice(offset, (long) WINDOW_FRAMES * BANDS * Float.BYTES);
            embeddingRuns[i] =
                    embeddingModel.newRun().input("input_1", window, 1, WINDOW_FRAMES, BANDS, 1);
        }
    }

    /** How many embeddings a window of this length has. */
    static int embeddings(int samples) {
        int heard = Math.max(samples, LEAST_SAMPLES);
        return Math.floorDiv(frames(heard) - WINDOW_FRAMES, STRIDE_FRAMES) + 1;
    }

    private static int frames(int samples) {
        return Math.floorDiv(samples - KERNEL, HOP) + 1;
    }

    /**
     * Embeds one window.
     *
     * @param sound f32 [samples] in [-1, 1]
     * @param target f32 [embeddings, {@link #CHANNELS}]
     */
    void embed(MemorySegment sound, MemorySegment target) {
        int given = Math.toIntExact(sound.byteSize() / Float.BYTES);
        if (given != samples) {
            prepare(given);
        }
        for (long i = 0; i < samples; i++) {
            pcm.setAtIndex(
                    ValueLayout.JAVA_FLOAT,
                    i,
                    Math.round(INT16 * sound.getAtIndex(ValueLayout.JAVA_FLOAT, i)));
        }
        melRun.run();
        for (long i = 0; i < (long) frames * BANDS; i++) {
            float value = mel.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            mel.setAtIndex(ValueLayout.JAVA_FLOAT, i, value * MEL_SCALE + MEL_SHIFT);
        }
        long bytes = (long) CHANNELS * Float.BYTES;
        for (int i = 0; i < embeddingRuns.length; i++) {
            embeddingRuns[i]
                    .output("conv2d_19", target.asSlice(i * bytes, bytes), 1, 1, 1, CHANNELS)
                    .run();
        }
    }

    /**
     * The spectrogram of the last window as the embedding saw it, f32 [frames, 32]; valid until the
     * next.
     */
    MemorySegment mel() {
        return mel;
    }

    private void closeRuns() {
        if (melRun != null) {
            melRun.close();
        }
        for (OnnxRun run : embeddingRuns) {
            run.close();
        }
    }

    @Override
    public void close() {
        closeRuns();
        melModel.close();
        embeddingModel.close();
    }
}
