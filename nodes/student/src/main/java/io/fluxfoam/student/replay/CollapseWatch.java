package io.fluxfoam.student.replay;

import io.fluxfoam.distill.Statistics;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Finds statistics that a value far off has spoiled: everything else then stands in one place, and
 * a head learns nothing from it. The first moments under new statistics tell: if their variance is
 * next to nothing, although these values did vary, the statistics are wrong. What is quiet only
 * later is a quiet scene.
 */
final class CollapseWatch {
    private static final int MOMENTS = 64;
    private static final double LEAST_VARIANCE = 1e-4;

    private final double[] sums;
    private final double[] squares;
    private int moments = MOMENTS;
    private long rows;

    /** Watches nothing yet. */
    CollapseWatch(int dim) {
        sums = new double[dim];
        squares = new double[dim];
    }

    /** The statistics have changed: the moments from now on are looked at. */
    void begin() {
        moments = 0;
        rows = 0;
        Arrays.fill(sums, 0);
        Arrays.fill(squares, 0);
    }

    /**
     * Takes a moment, standardised; whether it is the one that shows that the statistics are wrong.
     */
    boolean collapsed(MemorySegment values, Statistics under) {
        if (moments == MOMENTS) {
            return false;
        }
        long count = values.byteSize() / Float.BYTES;
        for (long i = 0; i < count; i++) {
            double z = values.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            int d = (int) (i % sums.length);
            sums[d] += z;
            squares[d] += z * z;
        }
        rows += count / sums.length;
        return ++moments == MOMENTS && under.varied() && variance() < LEAST_VARIANCE;
    }

    private double variance() {
        double sum = 0;
        for (int d = 0; d < sums.length; d++) {
            double mean = sums[d] / rows;
            sum += squares[d] / rows - mean * mean;
        }
        return sum / sums.length;
    }
}
