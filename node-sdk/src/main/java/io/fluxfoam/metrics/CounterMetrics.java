package io.fluxfoam.metrics;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.Unit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the counters of nodes are as metrics. A label that was declared is the metric of its
 * declaration, whoever counts it. Any other is a node's own: a gauge {@code foam_own_LABEL} in
 * snake case, whose label {@code label} has it as it is. No declared metric begins so, and so
 * nothing that a node calls its counters can spoil the metrics of others.
 */
public final class CounterMetrics {
    private static final String OWN_PREFIX = "foam_own_";
    private static final String STREAM = "stream";

    /** Prometheus keeps these ends of a name for what is no gauge. */
    private static final Pattern RESERVED_ENDS =
            Pattern.compile("(_(total|created|bucket|count|sum|info))+$");

    private final Map<String, MetricSpec> single = new HashMap<>();
    private final Map<CounterSpec, MetricSpec> several = new HashMap<>();

    /** Knows these declarations. */
    public CounterMetrics(List<CounterSpec> declared) {
        for (CounterSpec counter : declared) {
            MetricSpec metric = MetricSpec.of(counter);
            if (metric.name().startsWith(OWN_PREFIX)) {
                throw new IllegalArgumentException("metric=" + metric.name());
            }
            if (counter.subject().isPresent()) {
                several.put(counter, metric);
            } else {
                single.put(counter.label(), metric);
            }
        }
    }

    /** The counters of one node. */
    public List<MetricValue> values(String node, String role, Map<String, Number> counters) {
        List<MetricValue> values = new ArrayList<>();
        counters.forEach(
                (label, value) -> values.add(value(node, role, label, value.doubleValue())));
        return values;
    }

    private MetricValue value(String node, String role, String label, double value) {
        MetricSpec metric = single.get(label);
        if (metric != null) {
            return metric.value(value, node, role);
        }
        for (Map.Entry<CounterSpec, MetricSpec> counter : several.entrySet()) {
            Optional<String> which = counter.getKey().which(label);
            if (which.isPresent()) {
                return counter.getValue().value(value, node, role, named(counter, node, which));
            }
        }
        return own(label).value(value, node, role, label);
    }

    /** A stream is called NODE/STREAM everywhere, also by the node that publishes it. */
    private static String named(
            Map.Entry<CounterSpec, MetricSpec> counter, String node, Optional<String> which) {
        String name = which.orElseThrow();
        boolean isOwn =
                counter.getValue().labels().getLast().equals(STREAM) && name.indexOf('/') < 0;
        return isOwn ? node + "/" + name : name;
    }

    private static MetricSpec own(String label) {
        String words =
                label.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "_")
                        .replaceAll("^_|_$", "");
        String name = RESERVED_ENDS.matcher(OWN_PREFIX + words).replaceAll("");
        return MetricSpec.ofNode(
                name.startsWith(OWN_PREFIX) && name.length() > OWN_PREFIX.length()
                        ? name
                        : OWN_PREFIX + "counter",
                false,
                Unit.COUNT,
                "A counter of the node's own.",
                "label");
    }
}
