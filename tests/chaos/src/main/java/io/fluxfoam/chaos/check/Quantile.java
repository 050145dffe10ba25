package io.fluxfoam.chaos.check;

import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;

/** Quantiles of small samples. */
public final class Quantile {
    private Quantile() {}

    /**
     * Smallest value that at least this share of all is not above (nearest rank); null of none.
     * Nulls do not count.
     */
    public static Double of(Collection<Double> values, double share) {
        double[] sorted =
                values.stream()
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
        if (sorted.length == 0) {
            return null;
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }

    /** The middle one, or between the two middle ones; null of none. */
    static Double median(Collection<Double> values) {
        double[] sorted =
                values.stream()
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return null;
        }
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }
}
