package io.fluxfoam.teacher.vision;

import io.fluxfoam.teacher.ModelFile;
import io.fluxfoam.teacher.OnnxModel;
import io.fluxfoam.teacher.OnnxOptions;
import io.fluxfoam.teacher.OnnxRun;
import io.fluxfoam.teacher.PictureEncoder;
import io.fluxfoam.teacher.PictureEncoder.Channels;
import io.fluxfoam.teacher.PictureEncoder.Layout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** PP-OCRv4 detection on pictures of one size: which rows hold text. */
final class TextDetector implements AutoCloseable {
    private static final int SIDE_STEP = 32;

    /**
     * The means and deviations that the network was trained with; by channel index, also for BGR.
     */
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};

    private static final float[] STD = {0.229f, 0.224f, 0.225f};

    private final int height;
    private final int width;
    private final PictureEncoder encoder = new PictureEncoder(Layout.NCHW, Channels.BGR, MEAN, STD);
    private final OnnxModel model;
    private final OnnxRun run;
    private final MemorySegment input;
    private final MemorySegment map;
    private final TextBand band;

    /**
     * Loads the detector.
     *
     * @param height rows of a picture, a multiple of 32
     * @param width columns of a picture, a multiple of 32
     */
    TextDetector(ModelFile file, int threads, int height, int width) {
        if (height % SIDE_STEP != 0 || width % SIDE_STEP != 0) {
            throw new IllegalArgumentException(
                    "height=" + height + " width=" + width + " must be multiples of " + SIDE_STEP);
        }
        this.height = height;
        this.width = width;
        this.band = new TextBand(width, height);
        this.input = Arena.ofAuto().allocate(3L * height * width * Float.BYTES, 64);
        this.map = Arena.ofAuto().allocate((long) height * width * Float.BYTES, 64);
        this.model = OnnxModel.open(file, OnnxOptions.threads(threads).withFusion());
        this.run =
                model.newRun()
                        .input("x", input, 1, 3, height, width)
                        .output("sigmoid_0.tmp_0", map, 1, 1, height, width);
    }

    /**
     * Looks for text.
     *
     * @param rgb u8 [height, width, 3]
     * @return the rows of all text, valid until the next call; null if there is none
     */
    TextBand find(MemorySegment rgb) {
        encoder.encode(rgb, width, 0, height, input, height, width);
        run.run();
        return band.find(map) ? band : null;
    }

    @Override
    public void close() {
        run.close();
        model.close();
    }
}
