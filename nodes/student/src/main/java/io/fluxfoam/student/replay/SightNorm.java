package io.fluxfoam.student.replay;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.student.net.InputShape;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Makes a picture, RGB bytes {@code [height, width, 3]}, small as a whole, and keeps its colours:
 * u8 {@code [3, rows, columns]}, each pixel the mean of those that it stands for.
 */
final class SightNorm {
    private final FrameShape frame;
    private final InputShape input;
    private final int[] rowFrom;
    private final int[] columnFrom;
    private final int[] sums;

    /** For pictures of frames of this shape. */
    SightNorm(FrameShape frame) {
        this.frame = frame;
        input = InputShape.of(frame);
        rowFrom = bounds(frame.height(), input.sightRows());
        columnFrom = bounds(frame.width(), input.sightColumns());
        sums = new int[InputShape.COLOURS * input.sightColumns()];
    }

    private static int[] bounds(int from, int to) {
        int[] bounds = new int[to + 1];
        for (int i = 0; i <= to; i++) {
            bounds[i] = i * from / to;
        }
        return bounds;
    }

    /** Bytes of what it writes. */
    static long bytes(InputShape input) {
        return (long) InputShape.COLOURS * input.sightPixels();
    }

    /**
     * Reads a picture in place.
     *
     * @param rgb {@link FrameShape#pictureBytes()} bytes
     * @param small {@link #bytes} bytes
     */
    void shrink(MemorySegment rgb, MemorySegment small) {
        for (int row = 0; row < input.sightRows(); row++) {
            int toRow = Math.max(rowFrom[row] + 1, rowFrom[row + 1]);
            Arrays.fill(sums, 0);
            for (int y = rowFrom[row]; y < toRow; y++) {
                add(rgb, y);
            }
            write(small, row, toRow - rowFrom[row]);
        }
    }

    private void add(MemorySegment rgb, int y) {
        long line = (long) y * frame.width();
        for (int column = 0; column < input.sightColumns(); column++) {
            int to = Math.max(columnFrom[column] + 1, columnFrom[column + 1]);
            for (int x = columnFrom[column]; x < to; x++) {
                long at = 3 * (line + x);
                sums[3 * column] += rgb.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
                sums[3 * column + 1] += rgb.get(ValueLayout.JAVA_BYTE, at + 1) & 0xFF;
                sums[3 * column + 2] += rgb.get(ValueLayout.JAVA_BYTE, at + 2) & 0xFF;
            }
        }
    }

    private void write(MemorySegment small, int row, int rows) {
        long at = (long) row * input.sightColumns();
        for (int column = 0; column < input.sightColumns(); column++) {
            int columns = Math.max(1, columnFrom[column + 1] - columnFrom[column]);
            for (int colour = 0; colour < InputShape.COLOURS; colour++) {
                small.set(
                        ValueLayout.JAVA_BYTE,
                        (long) colour * input.sightPixels() + at + column,
                        (byte) (sums[3 * column + colour] / (rows * columns)));
            }
        }
    }
}
