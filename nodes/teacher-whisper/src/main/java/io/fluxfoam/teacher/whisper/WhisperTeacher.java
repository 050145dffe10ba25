package io.fluxfoam.teacher.whisper;

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

/**
 * Whisper's encoder, from an ONNX file with the usual names: {@code input_features} f32 [batch,
 * bands, 3000] and {@code last_hidden_state} f32 [batch, 1500, width]. The encoder always hears 30
 * s; its features are the steps of 20 ms that belong to the sound window: f32 [128, width]. The
 * model is loaded before the node joins the foam, since only the model knows the width.
 */
final class WhisperTeacher implements Teacher {
    private static final int STEPS = 1_500;
    private static final int SAMPLES_PER_STEP = 320;
    private static final int WINDOW_STEPS =
            Math.ceilDiv(ListeningTeacher.SAMPLES, SAMPLES_PER_STEP);
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
    public Sense sense() {
        return Sense.SOUND;
    }

    @Override
    public long[] featureShape() {
        return new long[] {WINDOW_STEPS, width};
    }

    @Override
    public void load() {
        // Loaded by the constructor: the width of the features had to be known.
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        sample.require(Sense.SOUND, ListeningTeacher.SAMPLES);
        logMel.compute(sample.payload(), mel);
        run.run();
        MemorySegment.copy(hidden, 0, features, 0, (long) WINDOW_STEPS * width * Float.BYTES);
        return true;
    }

    @Override
    public void close() {
        run.close();
        model.close();
    }
}
