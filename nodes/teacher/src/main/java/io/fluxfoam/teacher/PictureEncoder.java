package io.fluxfoam.teacher;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Turns a band of rows of an RGB picture into the tensor that an image network wants: resized
 * (bilinear, pixel centres aligned), scaled to {@code (value / 255 - mean) / std}, channels in the
 * wanted order and layout. Keeps its scratch between calls; for one thread.
 */
public final class PictureEncoder {
    /** Order of the axes behind the batch axis. */
    public enum Layout {
        /** Channel, row, column. */
        NCHW,
        /** Row, column, channel. */
        NHWC
    }

    /** Which channels the network sees, in its order. */
    public enum Channels {
        RGB(0, 1, 2),
        BGR(2, 1, 0),
        /** One channel, luma of ITU-R BT.601. */
        GRAY(0);

        private final int[] source;

        Channels(int... source) {
            this.source = source;
        }

        /** How many there are. */
        public int count() {
            return source.length;
        }
    }

    private static final int SOURCE_CHANNELS = 3;
    private static final float LEVELS = 255f;
    private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

    private final Layout layout;
    private final Channels channels;
    private final float[] scale;
    private final float[] shift;
    private float[] row = {};
    private int[] leftIndex = {};
    private float[] rightWeight = {};
    private int mappedWidth;

    /**
     * An encoder.
     *
     * @param mean one value for each channel, in the network's order, on a scale of 0 to 1
     * @param std one value above zero for each channel, in the network's order, on a scale of 0 to
     *     1
     */
    public PictureEncoder(Layout layout, Channels channels, float[] mean, float[] std) {
        if (mean.length != channels.count() || std.length != channels.count()) {
            throw new IllegalArgumentException(
                    "mean of "
                            + mean.length
                            + " and std of "
                            + std.length
                            + " values for channels="
                            + channels);
        }
        this.layout = layout;
        this.channels = channels;
        this.scale = new float[channels.count()];
        this.shift = new float[channels.count()];
        for (int c = 0; c < scale.length; c++) {
            if (!(std[c] > 0)) {
                throw new IllegalArgumentException(
                        "std=" + std[c] + " of channel " + c + " must be above 0");
            }
            scale[c] = 1 / (LEVELS * std[c]);
            shift[c] = -mean[c] / std[c];
        }
    }

    /** Whether every pixel stays finite with these. */
    static boolean isFinite(float mean, float std) {
        return Float.isFinite(mean / std) && Float.isFinite((1 - mean) / std);
    }

    /**
     * Encodes rows {@code [fromRow, toRow)} at full width.
     *
     * @param rgb u8 [rows, width, 3]
     * @param target f32 [channels, targetHeight, targetWidth] or [targetHeight, targetWidth,
     *     channels]
     */
    public void encode(
            MemorySegment rgb,
            int width,
            int fromRow,
            int toRow,
            MemorySegment target,
            int targetHeight,
            int targetWidth) {
        mapColumns(width, targetWidth);
        int height = toRow - fromRow;
        int columnStep = layout == Layout.NCHW ? 1 : channels.count();
        int rowStep = targetWidth * columnStep;
        int channelStep = layout == Layout.NCHW ? targetHeight * targetWidth : 1;
        for (int y = 0; y < targetHeight; y++) {
            blendRows(rgb, width, fromRow, height, (y + 0.5f) * height / targetHeight - 0.5f);
            for (int c = 0; c < channels.count(); c++) {
                writeRow(
                        target,
                        channels.source[c],
                        scale[c],
                        shift[c],
                        (long) y * rowStep + (long) c * channelStep,
                        columnStep);
            }
        }
    }

    /**
     * For each target column: the source column left of its centre, and the weight of the one to
     * the right.
     */
    private void mapColumns(int width, int targetWidth) {
        if (mappedWidth == width && leftIndex.length == targetWidth) {
            return;
        }
        row = new float[(width + 1) * SOURCE_CHANNELS];
        leftIndex = new int[targetWidth];
        rightWeight = new float[targetWidth];
        mappedWidth = width;
        for (int x = 0; x < targetWidth; x++) {
            float centre = Math.clamp((x + 0.5f) * width / targetWidth - 0.5f, 0, width - 1);
            int left = (int) centre;
            leftIndex[x] = left * SOURCE_CHANNELS;
            rightWeight[x] = centre - left;
        }
    }

    /**
     * Blends the two source rows around a centre; the last column stands twice, so that it has a
     * right neighbour.
     */
    private void blendRows(MemorySegment rgb, int width, int fromRow, int height, float centre) {
        float clamped = Math.clamp(centre, 0, height - 1);
        int upper = (int) clamped;
        float weight = clamped - upper;
        int values = width * SOURCE_CHANNELS;
        long upperOffset = (long) (fromRow + upper) * values;
        long lowerOffset = (long) (fromRow + Math.min(upper + 1, height - 1)) * values;
        MemorySegment upperRow = rgb.asSlice(upperOffset, values);
        MemorySegment lowerRow = rgb.asSlice(lowerOffset, values);
        for (int i = 0; i < values; i++) {
            float above = upperRow.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            float below = lowerRow.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            row[i] = above + (below - above) * weight;
        }
        if (channels == Channels.GRAY) {
            for (int i = 0; i < values; i += SOURCE_CHANNELS) {
                row[i] = LUMA[0] * row[i] + LUMA[1] * row[i + 1] + LUMA[2] * row[i + 2];
            }
        }
        System.arraycopy(row, values - SOURCE_CHANNELS, row, values, SOURCE_CHANNELS);
    }

    private void writeRow(
            MemorySegment target, int channel, float scale, float shift, long index, int step) {
        for (int x = 0; x < leftIndex.length; x++) {
            float left = row[leftIndex[x] + channel];
            float right = row[leftIndex[x] + channel + SOURCE_CHANNELS];
            float value = left + (right - left) * rightWeight[x];
            target.setAtIndex(
                    ValueLayout.JAVA_FLOAT, index + (long) x * step, value * scale + shift);
        }
    }
}
