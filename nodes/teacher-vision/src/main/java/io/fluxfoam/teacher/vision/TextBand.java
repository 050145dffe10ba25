package io.fluxfoam.teacher.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Finds the band of rows that holds all text, from the detector's probability map. Each connected
 * component of likely pixels is a text box if it is large and sure enough; the map shows shrunken
 * text, so a box grows by area * 1.6 / perimeter. The band is the union of all boxes' rows. Keeps
 * its scratch between calls; for one thread.
 */
final class TextBand {
    private static final float PIXEL_THRESHOLD = 0.3f;
    private static final double BOX_THRESHOLD = 0.5;
    private static final int SMALLEST_SIDE = 3;
    private static final double GROWTH = 1.6;

    private final int width;
    private final int height;
    private final boolean[] seen;
    private final int[] stack;
    private int fromRow;
    private int toRow;

    /** A finder for maps of one size. */
    TextBand(int width, int height) {
        this.width = width;
        this.height = height;
        this.seen = new boolean[width * height];
        this.stack = new int[width * height];
    }

    /** First row of the band that {@link #find} found. */
    int fromRow() {
        return fromRow;
    }

    /** Row behind the last one of the band that {@link #find} found. */
    int toRow() {
        return toRow;
    }

    /**
     * Looks for text.
     *
     * @param map f32 [height, width], probability that a pixel belongs to text
     * @return whether there is any
     */
    boolean find(MemorySegment map) {
        fromRow = height;
        toRow = 0;
        for (int pixel = 0; pixel < seen.length; pixel++) {
            seen[pixel] = map.getAtIndex(ValueLayout.JAVA_FLOAT, pixel) <= PIXEL_THRESHOLD;
        }
        for (int pixel = 0; pixel < seen.length; pixel++) {
            if (!seen[pixel]) {
                flood(map, pixel);
            }
        }
        return fromRow < toRow;
    }

    private void flood(MemorySegment map, int start) {
        int left = width;
        int right = 0;
        int top = height;
        int bottom = 0;
        double sum = 0;
        int count = 0;
        int depth = 0;
        depth = push(depth, start);
        while (depth > 0) {
            int pixel = stack[--depth];
            int x = pixel % width;
            int y = pixel / width;
            left = Math.min(left, x);
            right = Math.max(right, x);
            top = Math.min(top, y);
            bottom = Math.max(bottom, y);
            sum += map.getAtIndex(ValueLayout.JAVA_FLOAT, pixel);
            count++;
            depth = x > 0 ? push(depth, pixel - 1) : depth;
            depth = x < width - 1 ? push(depth, pixel + 1) : depth;
            depth = y > 0 ? push(depth, pixel - width) : depth;
            depth = y < height - 1 ? push(depth, pixel + width) : depth;
        }
        int boxWidth = right - left + 1;
        int boxHeight = bottom - top + 1;
        if (sum / count >= BOX_THRESHOLD && Math.min(boxWidth, boxHeight) >= SMALLEST_SIDE) {
            double growth = boxWidth * boxHeight * GROWTH / (2.0 * (boxWidth + boxHeight));
            fromRow = Math.min(fromRow, (int) Math.max(0, top - growth));
            toRow = Math.max(toRow, (int) Math.min(height, bottom + 1 + growth));
        }
    }

    private int push(int depth, int pixel) {
        if (seen[pixel]) {
            return depth;
        }
        seen[pixel] = true;
        stack[depth] = pixel;
        return depth + 1;
    }
}
