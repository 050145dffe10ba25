package io.fluxfoam.bench.measure;

import java.util.Arrays;

/** Medians and percentiles. */
public final class SampleStatistics {
    private SampleStatistics() {}

    /** The middle value, or the mean of the two in the middle. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest value that at least this part of all values does not exceed. */
    public static long percentile(long[] sorted, double part) {
        return sorted[Math.clamp((long) Math.ceil(part * sorted.length) - 1, 0, sorted.length - 1)];
    }
}
