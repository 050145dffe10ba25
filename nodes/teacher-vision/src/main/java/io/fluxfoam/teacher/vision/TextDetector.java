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

/**
 * PP-OCRv4 detection: which rows of a picture hold text. The network looks at the picture in its
 * own size as far as its sides are multiples of 32, and smaller if it is large; it is made ready
 * anew when pictures of another size come.
 */
final class TextDetector implements AutoCloseable {
    private static final int SIDE_STEP = 32;

    /**
     * The means and deviations that the network was trained with; by channel index, also for BGR.
     */
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};

    private static final float[] STD = {0.229f, 0.224f, 0.225f};

    /** Four times the standard picture: beyond that it costs more than all other teachers. */
    private static final double MAX_PIXELS = 4.0 * 96 * 320;

    private final PictureEncoder encoder = new PictureEncoder(Layout.NCHW, Channels.BGR, MEAN, STD);
    private final OnnxModel model;
    private Look look;

    /** The network for pictures of one size. */
    private record Look(
            int rows,
            int columns,
            int height,
            int width,
            MemorySegment input,
            MemorySegment map,
            TextBand band,
            OnnxRun run) {}

    /** Loads the detector. */
    TextDetector(ModelFile file, int threads) {
        this.model = OnnxModel.open(file, OnnxOptions.threads(threads).withFusion());
    }

    /** Makes it ready for pictures of this size. */
    void prepare(int rows, int columns) {
        if (look != null && look.rows() == rows && look.columns() == columns) {
            return;
        }
        if (look != null) {
            look.run().close();
        }
        double scale = Math.min(1, Math.sqrt(MAX_PIXELS / ((double) rows * columns)));
        int height = side(rows * scale);
        int width = side(columns * scale);
        MemorySegment input = Arena.ofAuto().allocate(3L * height * width * Float.BYTES, 64);
        MemorySegment map = Arena.ofAuto().allocate((long) height * width * Float.BYTES, 64);
        OnnxRun run =
                model.newRun()
                        .input("x", input, 1, 3, height, width)
                        .output("sigmoid_0.tmp_0", map, 1, 1, height, width);
        TextBand band = new TextBand(width, height);
        look = new Look(rows, columns, height, width, input, map, band, run);
    }

    private static int side(double pixels) {
        return Math.max(1, (int) Math.round(pixels / SIDE_STEP)) * SIDE_STEP;
    }

    /**
     * Looks for text.
     *
     * @param rgb u8 [rows, columns, 3]
     * @return the rows of all text; null if there is none
     */
    Rows find(MemorySegment rgb, int rows, int columns) {
        prepare(rows, columns);
        encoder.encode(rgb, columns, 0, rows, look.input(), look.height(), look.width());
        look.run().run();
        TextBand band = look.band();
        if (!band.find(look.map())) {
            return null;
        }
        int from = band.fromRow() * rows / look.height();
        return new Rows(from, Math.max(from + 1, band.toRow() * rows / look.height()));
    }

    /**
     * Rows of a picture.
     *
     * @param from the first
     * @param to the one behind the last
     */
    record Rows(int from, int to) {}

    @Override
    public void close() {
        if (look != null) {
            look.run().close();
        }
        model.close();
    }
}
