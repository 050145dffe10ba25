package io.fluxfoam.evaluator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A frame's picture in 32x32 pixels. */
record Thumbnail(PixelVector grey, PixelVector colour) {
    private static final int SIDE = PixelVector.SIDE;
    private static final int CHANNELS = 3;

    /** Samples taken of a pixel's rows and columns at most: a picture of any size costs little. */
    private static final int MAX_SAMPLES = 8;

    private static final int SIGNED = 128;

    /**
     * Draws it small.
     *
     * @param picture u8 {@code [height, width, 3]}
     */
    static Thumbnail of(MemorySegment picture, int height, int width) {
        byte[] row = new byte[width * CHANNELS];
        byte[] colour = new byte[SIDE * SIDE * CHANNELS];
        byte[] grey = new byte[SIDE * SIDE];
        for (int r = 0; r < SIDE; r++) {
            int[] sums = new int[SIDE * CHANNELS];
            int[] counts = new int[SIDE];
            int end = end(r, height);
            for (int y = r * height / SIDE; y < end; y += step(r, height)) {
                MemorySegment.copy(
                        picture, ValueLayout.JAVA_BYTE, (long) y * row.length, row, 0, row.length);
                addRow(row, width, sums, counts);
            }
            for (int c = 0; c < SIDE; c++) {
                int red = sums[c * CHANNELS] / counts[c];
                int green = sums[c * CHANNELS + 1] / counts[c];
                int blue = sums[c * CHANNELS + 2] / counts[c];
                int pixel = r * SIDE + c;
                colour[pixel * CHANNELS] = (byte) (red - SIGNED);
                colour[pixel * CHANNELS + 1] = (byte) (green - SIGNED);
                colour[pixel * CHANNELS + 2] = (byte) (blue - SIGNED);
                grey[pixel] = (byte) ((77 * red + 150 * green + 29 * blue) / 256 - SIGNED);
            }
        }
        return new Thumbnail(new PixelVector(grey), new PixelVector(colour));
    }

    private static void addRow(byte[] row, int width, int[] sums, int[] counts) {
        for (int c = 0; c < SIDE; c++) {
            int end = end(c, width);
            int step = step(c, width);
            for (int x = c * width / SIDE; x < end; x += step) {
                for (int i = 0; i < CHANNELS; i++) {
                    sums[c * CHANNELS + i] += row[x * CHANNELS + i] & 0xff;
                }
                counts[c]++;
            }
        }
    }

    private static int end(int pixel, int size) {
        return Math.max(pixel * size / SIDE + 1, (pixel + 1) * size / SIDE);
    }

    private static int step(int pixel, int size) {
        return Math.ceilDiv(end(pixel, size) - pixel * size / SIDE, MAX_SAMPLES);
    }
}
