package io.fluxfoam.coordinator;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named curves over one time axis in bounded memory, however long they grow: when the points are
 * used up, every second one is dropped and the interval between points doubles, so the whole time
 * since the start stays in sight.
 *
 * <p>For one thread.
 */
final class Curves {
    private static final int MAX_COLUMNS = 64;
    private static final MathContext SERVED_DIGITS = new MathContext(5);

    private final double[] seconds;
    private final Map<String, double[]> columns = new LinkedHashMap<>();
    private double intervalSeconds;
    private int points;

    /**
     * @param capacity points kept, even
     * @param intervalSeconds the finest distance between points
     */
    Curves(int capacity, double intervalSeconds) {
        if (capacity < 2 || capacity % 2 != 0) {
            throw new IllegalArgumentException(
                    "capacity must be even and at least 2: capacity=" + capacity);
        }
        this.seconds = new double[capacity];
        this.intervalSeconds = intervalSeconds;
    }

    /**
     * Adds a point unless it is nearer to the last one than the interval. A null figure leaves a
     * gap; a curve that appears later has a gap before.
     */
    void add(double atSeconds, Map<String, @Nullable Double> figures) {
        if (points > 0 && atSeconds < seconds[points - 1] + intervalSeconds) {
            return;
        }
        if (points == seconds.length) {
            thinOut();
        }
        seconds[points] = atSeconds;
        figures.keySet().forEach(this::column);
        columns.forEach((name, values) -> {
            Double figure = figures.get(name);
            values[points] = figure == null ? Double.NaN : figure;
        });
        points++;
    }

    List<Double> seconds() {
        return Arrays.stream(seconds, 0, points).mapToObj(Curves::served).toList();
    }

    Map<String, List<@Nullable Double>> columns() {
        Map<String, List<@Nullable Double>> served = new LinkedHashMap<>();
        columns.forEach((name, values) -> served.put(name, served(values)));
        return served;
    }

    private void column(String name) {
        if (!columns.containsKey(name) && columns.size() < MAX_COLUMNS) {
            double[] values = new double[seconds.length];
            Arrays.fill(values, Double.NaN);
            columns.put(name, values);
        }
    }

    /** Keeps the points at even indexes, so the first point stays and the distances stay equal. */
    private void thinOut() {
        halve(seconds);
        columns.values().forEach(Curves::halve);
        points = seconds.length / 2;
        intervalSeconds *= 2;
    }

    private static void halve(double[] values) {
        for (int i = 0; i < values.length / 2; i++) {
            values[i] = values[2 * i];
        }
    }

    private List<@Nullable Double> served(double[] values) {
        List<@Nullable Double> served = new ArrayList<>(points);
        for (int i = 0; i < points; i++) {
            served.add(Double.isFinite(values[i]) ? served(values[i]) : null);
        }
        return served;
    }

    private static double served(double value) {
        return new BigDecimal(value).round(SERVED_DIGITS).doubleValue();
    }
}
