package io.fluxfoam.teacher;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.teacher.PictureEncoder.Channels;
import io.fluxfoam.teacher.PictureEncoder.Layout;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
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
                    "What the rows of its tensor are: picture (columns from left to right), sound"
                            + " (time steps) or none (default).")
    private Alignment aligned = Alignment.NONE;

    /** The model that was asked for, if any. */
    public Optional<Path> model() {
        return Optional.ofNullable(model);
    }

    /**
     * Loads the model that was asked for and runs it once on zeros.
     *
     * @throws ModelException if it does not fit the flags
     */
    public GenericTeacher open(Sense sense, int threads) {
        ModelFile file = ModelFile.ofUser(model);
        OnnxModel opened = OnnxModel.open(file, OnnxOptions.threads(threads));
        try {
            TensorSpec source =
                    input == null ? only("--input", opened, opened.inputs()) : opened.input(input);
            String target =
                    output == null ? only("--output", opened, opened.outputs()).name() : output;
            if (opened.outputs().stream().noneMatch(spec -> spec.name().equals(target))) {
                TensorSpec[] outputs = opened.outputs().toArray(TensorSpec[]::new);
                opened.close();
                opened = openInner(file, threads, target, outputs);
            }
            SampleEncoder encoder = encoder(sense, source);
            return new GenericTeacher(
                    opened, source.name(), target, encoder, preprocessing(encoder), aligned);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static OnnxModel openInner(
            ModelFile file, int threads, String tensor, TensorSpec[] outputs) {
        try {
            return OnnxModel.open(file, OnnxOptions.threads(threads).exposing(tensor));
        } catch (ModelException e) {
            throw new ModelException(
                    "model "
                            + file.path().getFileName()
                            + " has no output and no inner tensor "
                            + tensor
                            + ", its outputs are "
                            + Arrays.toString(outputs),
                    e);
        }
    }

    private static TensorSpec only(String flag, OnnxModel model, Collection<TensorSpec> specs) {
        if (specs.size() != 1) {
            throw new ModelException(
                    "choose with " + flag + " one of " + specs + " of model " + model.name());
        }
        return specs.iterator().next();
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

    private SampleEncoder encoder(Sense sense, TensorSpec source) {
        return switch (sense) {
            case PICTURE -> pictureInput(source);
            case SOUND -> soundInput(source);
            case CAPTION ->
                    throw new ModelException(
                            "no model reads a caption as it is: sense=picture or sense=sound");
        };
    }

    private PictureInput pictureInput(TensorSpec source) {
        long[] shape = source.shape();
        int rowAxis = layout == Layout.NCHW ? 2 : 1;
        boolean image = shape.length == 4;
        int height = image && shape[rowAxis] > 0 ? Math.toIntExact(shape[rowAxis]) : DEFAULT_HEIGHT;
        int width =
                image && shape[rowAxis + 1] > 0
                        ? Math.toIntExact(shape[rowAxis + 1])
                        : DEFAULT_WIDTH;
        if (size != null) {
            if (!size.matches("[1-9]\\d{0,4}x[1-9]\\d{0,4}")) {
                throw new ModelException(
                        "--size=" + size + " is not HEIGHTxWIDTH, such as 224x224");
            }
            String[] sides = size.split("x");
            height = Integer.parseInt(sides[0]);
            width = Integer.parseInt(sides[1]);
        }
        PictureEncoder encoder =
                new PictureEncoder(layout, channels, each("--mean", mean), each("--std", std));
        return new PictureInput(encoder, layout, channels, height, width);
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
            if (flag.equals("--std") && !(all[c] > 0)) {
                throw new ModelException("--std=" + all[c] + " must be above 0");
            }
        }
        return all;
    }

    private SoundInput soundInput(TensorSpec source) {
        return new SoundInput(soundScale, Math.max(1, source.shape().length), DEFAULT_SAMPLES);
    }
}
