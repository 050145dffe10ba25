package io.fluxfoam.evaluator;

import java.util.ArrayDeque;

/**
 * The mean of the newest hundred values, not before there are twenty. The student says few frames,
 * so that to wait for each candidate would take too long.
 */
final class NewestMean {
    private static final int MOST = 100;
    private static final int LEAST = 20;

    private final ArrayDeque<Double> values = new ArrayDeque<>();

    /** Takes a value; NaN is none. */
    void add(double value) {
        if (Double.isNaN(value)) {
            return;
        }
        if (values.size() == MOST) {
            values.removeFirst();
        }
        values.addLast(value);
    }

    /** The mean; NaN until there are enough. */
    double get() {
        return values.size() < LEAST
                ? Double.NaN
                : values.stream().mapToDouble(value -> value).average().orElseThrow();
    }
}
