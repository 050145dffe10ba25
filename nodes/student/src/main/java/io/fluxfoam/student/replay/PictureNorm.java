package io.fluxfoam.student.replay;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.student.net.InputShape;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Turns a picture, RGB bytes {@code [height, width, 3]}, into what the student sees sharply: a
 * window of 48 rows around what stands out, each pixel its distance in brightness from the
 * picture's median in standard deviations, {@code |gray - median| / std}. So neither brightness,
 * contrast nor polarity (dark on light, light on dark) is left in it. A picture wider than the
 * window is made smaller first; what is beyond its ends is 0. Not thread-safe.
 */
public final class PictureNorm {
    private static final int CONTRAST = 40;
    private static final int CONTRAST_PIXELS = 3;

    private final FrameShape frame;
    private final InputShape input;
    private final int rows;
    private final int columns;
    private final byte[] gray;
    private final int[] histogram = new int[256];

    /** For pictures of frames of this shape. */
    public PictureNorm(FrameShape frame) {
        this.frame = frame;
        input = InputShape.of(frame);
        rows = input.pictureRows();
        columns = input.pictureColumns();
        gray = new byte[rows * columns];
    }

    /**
     * Reads a picture in place and writes its window.
     *
     * @param rgb {@link FrameShape#pictureBytes()} bytes
     * @param shiftRows how far the window is moved down from where it would be; training jitters it
     * @param window {@link InputShape#windowBytes()} bytes, floats
     * @return the window's first row in the picture; it has {@link #windowRows()} rows there
     */
    public int normalize(MemorySegment rgb, int shiftRows, MemorySegment window) {
        double deviation = toGray(rgb);
        int median = median();
        int centre = (int) Math.round(centre(median)) + shiftRows;
        int top =
                Math.clamp(
                        centre - InputShape.WINDOW_ROWS / 2,
                        0,
                        Math.max(0, rows - InputShape.WINDOW_ROWS));
        int filled = Math.min(rows, InputShape.WINDOW_ROWS);
        if (filled < InputShape.WINDOW_ROWS || columns < input.windowColumns()) {
            window.fill((byte) 0);
        }
        for (int y = 0; y < filled; y++) {
            int from = (top + y) * columns;
            long to = (long) y * input.windowColumns();
            for (int x = 0; x < columns; x++) {
                int distance = Math.abs((gray[from + x] & 0xFF) - median);
                window.setAtIndex(ValueLayout.JAVA_FLOAT, to + x, (float) (distance / deviation));
            }
        }
        return top * frame.height() / rows;
    }

    /** How many rows of the picture a window stands for. */
    public int windowRows() {
        return Math.min(frame.height(), InputShape.WINDOW_ROWS * frame.height() / rows);
    }

    /**
     * Fills gray values and histogram; returns the standard deviation plus 1, so that a blank
     * picture stays finite.
     */
    private double toGray(MemorySegment rgb) {
        Arrays.fill(histogram, 0);
        long sum = 0;
        long squares = 0;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int value = columns == frame.width() ? gray(rgb, y, x) : mean(rgb, y, x);
                gray[y * columns + x] = (byte) value;
                histogram[value]++;
                sum += value;
                squares += (long) value * value;
            }
        }
        double mean = (double) sum / gray.length;
        return Math.sqrt((double) squares / gray.length - mean * mean) + 1;
    }

    private int gray(MemorySegment rgb, int y, int x) {
        long at = 3L * ((long) y * frame.width() + x);
        int red = rgb.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
        int green = rgb.get(ValueLayout.JAVA_BYTE, at + 1) & 0xFF;
        int blue = rgb.get(ValueLayout.JAVA_BYTE, at + 2) & 0xFF;
        return (77 * red + 150 * green + 29 * blue + 128) >> 8;
    }

    private int mean(MemorySegment rgb, int row, int column) {
        int fromY = row * frame.height() / rows;
        int toY = Math.max(fromY + 1, (row + 1) * frame.height() / rows);
        int fromX = column * frame.width() / columns;
        int toX = Math.max(fromX + 1, (column + 1) * frame.width() / columns);
        int sum = 0;
        for (int y = fromY; y < toY; y++) {
            for (int x = fromX; x < toX; x++) {
                sum += gray(rgb, y, x);
            }
        }
        return sum / ((toY - fromY) * (toX - fromX));
    }

    private int median() {
        int median = 0;
        for (int seen = histogram[0]; seen < gray.length / 2; seen += histogram[median]) {
            median++;
        }
        return median;
    }

    /**
     * Mean row of the pixels that stand out, over rows with some of them; the middle row if there
     * are none.
     */
    private double centre(int median) {
        double sum = 0;
        double pixels = 0;
        for (int y = 0; y < rows; y++) {
            int count = 0;
            for (int x = 0; x < columns; x++) {
                if (Math.abs((gray[y * columns + x] & 0xFF) - median) > CONTRAST) {
                    count++;
                }
            }
            if (count >= CONTRAST_PIXELS) {
                sum += (double) y * count;
                pixels += count;
            }
        }
        return pixels == 0 ? rows / 2.0 : sum / pixels;
    }
}
