package io.fluxfoam.teacher.whisper;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.teacher.FeatureSpec;
import io.fluxfoam.teacher.ModelException;
import io.fluxfoam.teacher.ModelFile;
import io.fluxfoam.teacher.OnnxModel;
import io.fluxfoam.teacher.OnnxOptions;
import io.fluxfoam.teacher.OnnxRun;
import io.fluxfoam.teacher.Sample;
import io.fluxfoam.teacher.Sense;
import io.fluxfoam.teacher.Teacher;
import io.fluxfoam.teacher.TensorSpec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Whisper's encoder, from an ONNX file with the usual names: {@code input_features} f32 [batch,
 * bands, 3000] and {@code last_hidden_state} f32 [batch, 1500, width]. The encoder always hears 30
 * s; of its steps of 20 ms those count that belong to the sound window. Its features stand on the
 * student's grid, f32 [23, width] for 2.56 s: step i is the mean over the samples that the
 * student's step i hears, as with the speech embedding. The model is loaded before the node joins
 * the foam, since only the model knows the width.
 */
final class WhisperTeacher implements Teacher {
    private static final int STEPS = 1_500;
    private static final int SAMPLES_PER_STEP = 320;
    private static final int GRID_STEP_SAMPLES = 1_280;
    private static final int GRID_WINDOW_SAMPLES = 12_512;
    private static final String INPUT = "input_features";
    private static final String OUTPUT = "last_hidden_state";

    private final OnnxModel model;
    private final OnnxRun run;
    private final LogMel logMel;
    private final MemorySegment mel;
    private final MemorySegment hidden;
    private final int width;

    /**
     * Loads the encoder.
     *
     * @throws ModelException with both shapes if it is not a Whisper encoder
     */
    WhisperTeacher(ModelFile file, int threads) {
        this.model = OnnxModel.open(file, OnnxOptions.threads(threads));
        model.requireF32("input", model.input(INPUT));
        model.requireF32("output", model.output(OUTPUT));
        long[] input = model.input(INPUT).shape();
        if (input.length != 3 || input[1] <= 0 || input[2] > 0 && input[2] != LogMel.FRAMES) {
            throw wrong(
                    INPUT,
                    TensorSpec.text(-1, -1, LogMel.FRAMES) + " with a fixed number of bands",
                    input);
        }
        int bands = Math.toIntExact(input[1]);
        this.logMel = new LogMel(bands);
        this.mel = Arena.ofAuto().allocate((long) bands * LogMel.FRAMES * Float.BYTES, 64);
        this.run = model.newRun().input(INPUT, mel, 1, bands, LogMel.FRAMES);
        long[] output = run.shapeOf(OUTPUT);
        if (output.length != 3 || output[0] != 1 || output[1] != STEPS) {
            throw wrong(OUTPUT, TensorSpec.text(1, STEPS, -1), output);
        }
        this.width = Math.toIntExact(output[2]);
        this.hidden = Arena.ofAuto().allocate((long) STEPS * width * Float.BYTES, 64);
        run.output(OUTPUT, hidden, output);
    }

    private ModelException wrong(String tensor, String expected, long... actual) {
        return new ModelException(
                "wrong shape for "
                        + tensor
                        + " of model "
                        + model.name()
                        + ": expected "
                        + expected
                        + ", actual "
                        + TensorSpec.text(actual));
    }

    @Override
    public FeatureSpec features() {
        return new FeatureSpec(
                Sense.SOUND,
                shape(FrameShape.MAX_SOUND_SAMPLES),
                Alignment.SOUND,
                Axes.ROWS,
                "whisper, means over the grid, 1 " + model.sha256(),
                false);
    }

    @Override
    public long[] shapeOf(Sample sample) {
        return shape(ListeningTeacher.samples(sample));
    }

    private long[] shape(int samples) {
        return new long[] {SpeechEmbedding.embeddings(samples), width};
    }

    @Override
    public void load() {
        // Loaded by the constructor: the width of the features had to be known.
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        int steps = SpeechEmbedding.embeddings(ListeningTeacher.samples(sample));
        logMel.compute(sample.payload(), mel);
        run.run();
        for (int step = 0; step < steps; step++) {
            pool(
                    step,
                    features.asSlice(
                            (long) step * width * Float.BYTES, (long) width * Float.BYTES));
        }
        return true;
    }

    /** The mean over a step of the grid, a part of a hidden step counting as its part. */
    private void pool(int step, MemorySegment target) {
        double from = (double) step * GRID_STEP_SAMPLES / SAMPLES_PER_STEP;
        double to = from + (double) GRID_WINDOW_SAMPLES / SAMPLES_PER_STEP;
        for (int channel = 0; channel < width; channel++) {
            double sum = 0;
            for (int i = (int) from; i < to; i++) {
                double share = Math.min(to, i + 1) - Math.max(from, i);
                sum +=
                        share
                                * hidden.getAtIndex(
                                        ValueLayout.JAVA_FLOAT, (long) i * width + channel);
            }
            target.setAtIndex(ValueLayout.JAVA_FLOAT, channel, (float) (sum / (to - from)));
        }
    }

    @Override
    public void close() {
        run.close();
        model.close();
    }
}
