package io.fluxfoam.teacher;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.tensor.DType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A teacher from any ONNX model with one picture or sound input. Its features are one output, or
 * one inner tensor, of the model, without leading axes of length 1. The model is loaded, and run
 * once on zeros, before the node joins the foam: only a run tells the shape of its features, and
 * what does not fit is an error of the command line.
 */
public final class GenericTeacher implements Teacher {
    private final OnnxModel model;
    private final SampleEncoder encoder;
    private final String output;
    private final Alignment aligned;
    private final String preprocessing;
    private final long[] outputShape;
    private final MemorySegment input;
    private final OnnxRun run;

    /**
     * Takes over a loaded model.
     *
     * @param preprocessing what the encoder does, in any words
     * @throws ModelException if the encoder's shape is not the input's, or the output is not f32
     */
    GenericTeacher(
            OnnxModel model,
            String inputName,
            String output,
            SampleEncoder encoder,
            String preprocessing,
            Alignment aligned) {
        this.model = model;
        this.encoder = encoder;
        this.output = output;
        this.preprocessing = preprocessing + " input=" + inputName;
        this.aligned = aligned;
        requireF32(model, "input", model.input(inputName));
        requireF32(model, "output", model.output(output));
        this.input =
                Arena.ofAuto().allocate(TensorSpec.elements(encoder.shape()) * Float.BYTES, 64);
        this.run = model.newRun().input(inputName, input, encoder.shape());
        this.outputShape = run.shapeOf(output);
    }

    private static void requireF32(OnnxModel model, String kind, TensorSpec spec) {
        if (spec.type() != DType.F32) {
            throw new ModelException(
                    "wrong type for "
                            + kind
                            + " of model "
                            + model.name()
                            + ": expected f32, actual "
                            + spec);
        }
    }

    @Override
    public Sense sense() {
        return encoder.sense();
    }

    @Override
    public long[] featureShape() {
        int leading = 0;
        while (leading < outputShape.length - 1 && outputShape[leading] == 1) {
            leading++;
        }
        return outputShape.length == 0
                ? new long[] {1}
                : Arrays.copyOfRange(outputShape, leading, outputShape.length);
    }

    @Override
    public Alignment aligned() {
        return aligned;
    }

    @Override
    public String identity() {
        return model.sha256() + " output=" + output + " " + preprocessing;
    }

    @Override
    public void load() {
        // Loaded by the constructor: the shape of the features had to be known.
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        encoder.encode(sample, input);
        run.output(output, features, outputShape).run();
        return true;
    }

    @Override
    public void close() {
        run.close();
        model.close();
    }
}
