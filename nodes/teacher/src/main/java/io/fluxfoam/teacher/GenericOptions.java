package io.fluxfoam.teacher;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.Reduction;
import io.fluxfoam.teacher.PictureEncoder.Channels;
import io.fluxfoam.teacher.PictureEncoder.Layout;
import io.fluxfoam.tensor.DType;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The flags with which any ONNX model becomes a teacher. */
public final class GenericOptions {
    private static final int DEFAULT_HEIGHT = FrameShape.STANDARD_HEIGHT;
    private static final int DEFAULT_WIDTH = FrameShape.STANDARD_WIDTH;
    private static final int DEFAULT_SAMPLES = FrameShape.STANDARD_SOUND_SAMPLES;

    @Option(names = "--model", paramLabel = "FILE", description = "ONNX model to teach with.")
    private Path model;

    @Option(
            names = "--input",
            paramLabel = "NAME",
            description = "Its input; may be left out if it has one.")
    private String input;

    @Option(
            names = "--output",
            paramLabel = "NAME",
            description =
                    "Output or inner tensor to publish; may be left out if the model has one"
                            + " output.")
    private String output;

    @Option(
            names = "--layout",
            description = "Axes of a picture input: ${COMPLETION-CANDIDATES} (default NCHW).")
    private Layout layout = Layout.NCHW;

    @Option(
            names = "--channels",
            description = "Channels of a picture input: ${COMPLETION-CANDIDATES} (default RGB).")
    private Channels channels = Channels.RGB;

    @Option(
            names = "--size",
            paramLabel = "HxW",
            description =
                    "Picture size that the model wants (default: what the model says, else"
                            + " "
                            + DEFAULT_HEIGHT
                            + "x"
                            + DEFAULT_WIDTH
                            + ").")
    private String size;

    @Option(
            names = "--mean",
            split = ",",
            paramLabel = "M",
            description = "Mean for each channel, scale 0..1 (default 0).")
    private float[] mean = {0};

    @Option(
            names = "--std",
            split = ",",
            paramLabel = "S",
            description = "Standard deviation for each channel, scale 0..1 (default 1).")
    private float[] std = {1};

    @Option(
            names = "--sound-scale",
            paramLabel = "F",
            description =
                    "Factor for sound in [-1,1]; 32768 for a model that wants int16 values (default"
                            + " 1).")
    private float soundScale = 1;

    @Option(
            names = "--aligned",
            description =
                    "What the columns or rows of its tensor are: picture (columns from left to right),"
                            + " sound (time steps) or none (default; of more than "
                            + Reduction.MOST_FLOATS
                            + " floats of a model of sound: sound).")
    private Alignment aligned;

    @Option(
            names = "--axes",
            description =
                    "Axes of its tensor: rows (all but the last number rows of channels), chw or hwc"
                            + " (a map of rows and columns; default: that of --layout for three"
                            + " axes of a picture's model, else rows).")
    private Axes axes;

    /** The model that was asked for, if any. */
    public Optional<Path> model() {
        return Optional.ofNullable(model);
    }

    /**
     * Loads the model that was asked for and tries it out.
     *
     * @throws ModelException if it does not fit the flags
     */
    public GenericTeacher open(Sense sense, int threads) {
        checkSoundScale();
        ModelFile file = ModelFile.ofUser(model);
        OnnxOptions options = OnnxOptions.threads(threads);
        OnnxModel opened = OnnxModel.open(file, options);
        try {
            OnnxPorts inputs = opened.inputPorts();
            TensorSpec source = input == null ? inputs.only("--input") : inputs.find(input);
            OnnxPorts outputs = opened.outputPorts();
            String target = output == null ? outputs.only("--output").name() : output;
            if (!outputs.has(target)) {
                opened.close();
                opened = openInner(file, options.exposing(target), target, outputs);
            }
            String fetched = target;
            if (isExactAsF32(opened.output(target).type())) {
                opened.close();
                opened = OnnxModel.open(file, options.converting(target));
                fetched = GraphOutputs.converted(target);
            }
            SampleEncoder encoder = encoder(sense, source, opened.name());
            return new GenericTeacher(
                    opened,
                    source.name(),
                    target,
                    fetched,
                    encoder,
                    preprocessing(encoder),
                    new Placing(aligned, axes, layout));
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Every value of these is one of f32, so nothing is lost when the model itself converts them.
     */
    private static boolean isExactAsF32(DType type) {
        return type == DType.F16 || type == DType.BF16;
    }

    private static OnnxModel openInner(
            ModelFile file, OnnxOptions options, String tensor, OnnxPorts outputs) {
        try {
            return OnnxModel.open(file, options);
        } catch (ModelException e) {
            throw new ModelException(
                    "model "
                            + file.path().getFileName()
                            + " has no output and no inner tensor "
                            + tensor
                            + ", its outputs are "
                            + outputs.all(),
                    e);
        }
    }

    private String preprocessing(SampleEncoder encoder) {
        String shape = " sense=" + encoder.sense() + TensorSpec.text(encoder.shape());
        return encoder.sense() == Sense.SOUND
                ? "soundScale=" + soundScale + shape
                : "layout="
                        + layout
                        + " channels="
                        + channels
                        + " mean="
                        + Arrays.toString(mean)
                        + " std="
                        + Arrays.toString(std)
                        + shape;
    }

    private SampleEncoder encoder(Sense sense, TensorSpec source, String modelName) {
        return switch (sense) {
            case PICTURE -> pictureInput(source, modelName);
            case SOUND -> soundInput(source);
            case CAPTION ->
                    throw new ModelException(
                            "no model reads a caption as it is: sense=picture or sense=sound");
        };
    }

    private PictureInput pictureInput(TensorSpec source, String modelName) {
        long[] shape = source.shape();
        int rowAxis = layout == Layout.NCHW ? 2 : 1;
        boolean image = shape.length == 4;
        long height = image && shape[rowAxis] > 0 ? shape[rowAxis] : DEFAULT_HEIGHT;
        long width = image && shape[rowAxis + 1] > 0 ? shape[rowAxis + 1] : DEFAULT_WIDTH;
        if (size != null) {
            if (!size.matches("[1-9]\\d{0,4}x[1-9]\\d{0,4}")) {
                throw new ModelException(
                        "--size=" + size + " is not HEIGHTxWIDTH, such as 224x224");
            }
            String[] sides = size.split("x");
            height = Integer.parseInt(sides[0]);
            width = Integer.parseInt(sides[1]);
        }
        String what = "picture input " + source.name() + " of model " + modelName;
        TensorMemory.floatBytes(what, channels.count(), height, width);
        PictureEncoder encoder = new PictureEncoder(layout, channels, means(), deviations());
        return new PictureInput(encoder, layout, channels, (int) height, (int) width);
    }

    private float[] means() {
        float[] all = each("--mean", mean);
        for (float value : all) {
            if (!Float.isFinite(value)) {
                throw new ModelException("--mean=" + value + " is no number to shift a picture by");
            }
        }
        return all;
    }

    private float[] deviations() {
        float[] all = each("--std", std);
        float[] means = each("--mean", mean);
        for (int c = 0; c < all.length; c++) {
            if (!(all[c] > 0) || !Float.isFinite(all[c])) {
                throw new ModelException("--std=" + all[c] + " must be above 0 and finite");
            }
            if (!PictureEncoder.isFinite(means[c], all[c])) {
                throw new ModelException(
                        "--mean=" + means[c] + " --std=" + all[c] + " leave no finite pixels");
            }
        }
        return all;
    }

    private void checkSoundScale() {
        if (!Float.isFinite(soundScale) || soundScale == 0) {
            throw new ModelException("--sound-scale=" + soundScale + " must be finite and not 0");
        }
    }

    private float[] each(String flag, float... values) {
        if (values.length != 1 && values.length != channels.count()) {
            throw new ModelException(
                    flag
                            + " has "
                            + values.length
                            + " values for "
                            + channels.count()
                            + " channels");
        }
        float[] all = new float[channels.count()];
        for (int c = 0; c < all.length; c++) {
            all[c] = values[values.length == 1 ? 0 : c];
        }
        return all;
    }

    private SoundInput soundInput(TensorSpec source) {
        return new SoundInput(soundScale, Math.max(1, source.shape().length), DEFAULT_SAMPLES);
    }
}
