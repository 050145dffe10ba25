package io.fluxfoam.metrics;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.Unit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A metric by the conventions of Prometheus.
 *
 * @param name {@code foam_}, snake case, its base unit, and {@code _total} if it only grows
 * @param onlyGrows whether it is a counter, else it is a gauge
 * @param unit of the values it is given; they are shown in the base unit
 * @param labels names of its labels, the same for all its series
 * @param help what it says, in one sentence
 */
public record MetricSpec(
        String name, boolean onlyGrows, Unit unit, List<String> labels, String help) {
    private static final Pattern NAME = Pattern.compile("foam(_[a-z0-9]+)+");
    private static final String TOTAL = "_total";

    public MetricSpec {
        labels = List.copyOf(labels);
        boolean isTotal = name.endsWith(TOTAL);
        String stem = isTotal ? name.substring(0, name.length() - TOTAL.length()) : name;
        if (!NAME.matcher(name).matches()
                || isTotal != onlyGrows
                || !stem.endsWith(unit.suffix())
                || !help.endsWith(".")) {
            throw new IllegalArgumentException(
                    "no metric: name="
                            + name
                            + " onlyGrows="
                            + onlyGrows
                            + " unit="
                            + unit
                            + " help="
                            + help);
        }
    }

    /** Of a node: every metric of one says which and of what role. */
    public static MetricSpec ofNode(
            String name, boolean onlyGrows, Unit unit, String help, String... moreLabels) {
        List<String> labels = new ArrayList<>(List.of("node", "role"));
        labels.addAll(List.of(moreLabels));
        return new MetricSpec(name, onlyGrows, unit, labels, help);
    }

    /** What a declared counter is as a metric. */
    public static MetricSpec of(CounterSpec counter) {
        return ofNode(
                counter.metric(),
                counter.onlyGrows(),
                counter.unit(),
                counter.help(),
                counter.subject().stream().toArray(String[]::new));
    }

    /** {@code counter} or {@code gauge}. */
    public String type() {
        return onlyGrows ? "counter" : "gauge";
    }

    /** One value of it. */
    public MetricValue value(double value, String... labelValues) {
        return new MetricValue(this, List.of(labelValues), value);
    }
}
