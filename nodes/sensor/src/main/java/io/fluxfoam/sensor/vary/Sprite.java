package io.fluxfoam.sensor.vary;

import java.util.ArrayList;
import java.util.List;

/**
 * A thing to be drawn: a picture with opacity, and the same at half, a quarter … of its size. A
 * picture that is opaque everywhere, such as a photograph, is a thing that fills its frame.
 */
public final class Sprite {
    /** Bytes of a pixel: red, green, blue, opacity. */
    public static final int PIXEL_BYTES = 4;

    private static final int OPACITY = 3;
    private static final int MIN_SIDE = 4;

    private final int width;
    private final int height;
    private final boolean opaque;
    private final List<Level> levels = new ArrayList<>();

    /**
     * The picture at one of its sizes. Round it lie transparent pixels, so that a sample at its
     * edge fades out.
     */
    record Level(int width, int height, byte[] rgba) {
        /** Bytes of a row with its margins. */
        int rowBytes() {
            return (width + 2) * PIXEL_BYTES;
        }

        private int offset(int x, int y) {
            return (y + 1) * rowBytes() + (x + 1) * PIXEL_BYTES;
        }

        static Level blank(int width, int height) {
            return new Level(width, height, new byte[(width + 2) * (height + 2) * PIXEL_BYTES]);
        }

        /** Each pixel is the mean of four; of an odd side the last row or column counts twice. */
        Level half() {
            Level half = blank((width + 1) / 2, (height + 1) / 2);
            for (int y = 0; y < half.height; y++) {
                int y1 = Math.min(2 * y + 1, height - 1);
                for (int x = 0; x < half.width; x++) {
                    int x1 = Math.min(2 * x + 1, width - 1);
                    for (int c = 0; c < PIXEL_BYTES; c++) {
                        int sum = value(2 * x, 2 * y, c) + value(x1, 2 * y, c);
                        sum += value(2 * x, y1, c) + value(x1, y1, c);
                        half.rgba[half.offset(x, y) + c] = (byte) ((sum + 2) / 4);
                    }
                }
            }
            return half;
        }

        private int value(int x, int y, int channel) {
            return rgba[offset(x, y) + channel] & 0xFF;
        }
    }

    /**
     * Takes a copy.
     *
     * @param premultipliedRgba {@code [height, width, 4]}, colours multiplied by the opacity
     * @throws IllegalArgumentException if it has another length, or no pixel
     */
    public Sprite(int width, int height, byte[] premultipliedRgba) {
        if (width < 1
                || height < 1
                || premultipliedRgba.length != (long) width * height * PIXEL_BYTES) {
            throw new IllegalArgumentException(
                    "sprite " + width + "x" + height + ": bytes=" + premultipliedRgba.length);
        }
        this.width = width;
        this.height = height;
        this.opaque = isOpaque(premultipliedRgba);
        Level level = Level.blank(width, height);
        int rowBytes = width * PIXEL_BYTES;
        for (int y = 0; y < height; y++) {
            System.arraycopy(
                    premultipliedRgba, y * rowBytes, level.rgba, level.offset(0, y), rowBytes);
        }
        levels.add(level);
        while (Math.min(level.width, level.height) >= 2 * MIN_SIDE) {
            level = level.half();
            levels.add(level);
        }
    }

    /** A picture whose colours are not multiplied by the opacity yet, as files have them. */
    public static Sprite ofStraight(int width, int height, byte[] rgba) {
        byte[] premultiplied = rgba.clone();
        for (int at = 0; at < rgba.length; at += PIXEL_BYTES) {
            int opacity = rgba[at + OPACITY] & 0xFF;
            for (int c = 0; c < OPACITY; c++) {
                premultiplied[at + c] = (byte) (((rgba[at + c] & 0xFF) * opacity + 127) / 255);
            }
        }
        return new Sprite(width, height, premultiplied);
    }

    private static boolean isOpaque(byte[] rgba) {
        for (int at = OPACITY; at < rgba.length; at += PIXEL_BYTES) {
            if (rgba[at] != (byte) 0xFF) {
                return false;
            }
        }
        return true;
    }

    /** Columns. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** Whether nothing behind it can be seen. */
    public boolean isOpaque() {
        return opaque;
    }

    /** The size at the index'th halving; the smallest that there is beyond it. */
    Level level(int index) {
        return levels.get(Math.clamp(index, 0, levels.size() - 1));
    }
}
