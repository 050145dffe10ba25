package io.fluxfoam.teacher;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A teacher from any ONNX model with one picture or sound input. Its features are one output, or
 * one inner tensor, of the model, without leading axes of length 1. The model is loaded, and run on
 * zeros, before the node joins the foam: only a run tells the shape of its features, and what does
 * not fit is an error of the command line. If the model leaves a size open, it is also run on
 * noise: one that depends on the content makes no features.
 */
public final class GenericTeacher implements Teacher {
    private final OnnxModel model;
    private final SampleEncoder encoder;
    private final String output;
    private final String fetched;
    private final Placing placing;
    private final String preprocessing;
    private final long[] outputShape;
    private final Arena memory =
            Arena.ofShared(); // the bytes of an automatic one count towards the heap's limit
    private final MemorySegment input;
    private final OnnxRun run;

    /**
     * Takes over a loaded model.
     *
     * @param fetched name of the output that is {@code output} as f32
     * @param preprocessing what the encoder does, in any words
     * @param placing what the axes of the output are
     * @throws ModelException if the encoder's shape is not the input's, or the output is not f32,
     *     is empty, too large, or of no certain shape
     */
    GenericTeacher(
            OnnxModel model,
            String inputName,
            String output,
            String fetched,
            SampleEncoder encoder,
            String preprocessing,
            Placing placing) {
        this.model = model;
        this.encoder = encoder;
        this.output = output;
        this.fetched = fetched;
        this.preprocessing = preprocessing + " input=" + inputName;
        this.placing = placing;
        model.requireF32("input", model.input(inputName));
        model.requireF32("output", model.output(fetched));
        String what = "input " + inputName + " of model " + model.name();
        this.input = TensorMemory.floats(memory, what, encoder.shape());
        this.run = model.newRun().input(inputName, input, encoder.shape());
        this.outputShape = run.shapeOf(fetched);
        checkOutput();
    }

    private void checkOutput() {
        String what = "output " + output + " of model " + model.name();
        if (Arrays.stream(outputShape).anyMatch(size -> size == 0)) {
            throw new ModelException("empty: " + what + " is " + TensorSpec.text(outputShape));
        }
        TensorMemory.floatBytes(what, outputShape);
        if (model.output(fetched).isOpen()) {
            encoder.encodeNoise(input);
            long[] other = run.shapeOf(fetched);
            if (!Arrays.equals(outputShape, other)) {
                throw new ModelException(
                        "no certain shape: "
                                + what
                                + " is "
                                + TensorSpec.text(outputShape)
                                + " on zeros and "
                                + TensorSpec.text(other)
                                + " on noise");
            }
        }
    }

    @Override
    public FeatureSpec features() {
        return new FeatureSpec(
                encoder.sense(),
                shape(),
                placing.aligned(encoder.sense(), shape()),
                placing.axes(encoder.sense(), shape()),
                model.sha256() + " output=" + output + " " + preprocessing,
                false);
    }

    private long[] shape() {
        int leading = 0;
        while (leading < outputShape.length - 1 && outputShape[leading] == 1) {
            leading++;
        }
        return outputShape.length == 0
                ? new long[] {1}
                : Arrays.copyOfRange(outputShape, leading, outputShape.length);
    }

    @Override
    public void load() {
        // Loaded by the constructor: the shape of the features had to be known.
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        encoder.encode(sample, input);
        run.output(fetched, features, outputShape).run();
        return true;
    }

    @Override
    public void close() {
        run.close();
        model.close();
        if (memory.scope().isAlive()) {
            memory.close();
        }
    }
}
