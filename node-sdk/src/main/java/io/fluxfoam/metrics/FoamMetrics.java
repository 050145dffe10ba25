package io.fluxfoam.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Shows the counters of all nodes of a foam as gauges of a registry. All are gauges, since a node
 * that comes back counts from zero again. A figure that is NaN, or whose node or label has gone,
 * has no gauge. Thread-safe.
 */
public final class FoamMetrics {
    private final MeterRegistry registry;
    private final Supplier<Map<String, ? extends Map<String, ? extends Number>>> counters;
    private final Map<MetricName, Figure> figures = new HashMap<>();

    /** A gauge and the value it shows. */
    private static final class Figure {
        private volatile double value;
        private Gauge gauge;
    }

    /**
     * Metrics of a foam; nothing is shown before the first {@link #refresh()}.
     *
     * @param counters reads the counters now: node name, then label, then value
     */
    public FoamMetrics(
            MeterRegistry registry,
            Supplier<Map<String, ? extends Map<String, ? extends Number>>> counters) {
        this.registry = registry;
        this.counters = counters;
    }

    /** Reads all counters once; to be called before the registry is scraped. */
    public synchronized void refresh() {
        Set<MetricName> seen = new HashSet<>();
        for (Map.Entry<String, ? extends Map<String, ? extends Number>> node :
                counters.get().entrySet()) {
            for (Map.Entry<String, ? extends Number> counter : node.getValue().entrySet()) {
                double value = counter.getValue().doubleValue();
                if (!Double.isNaN(value)) {
                    MetricName name = MetricName.of(node.getKey(), counter.getKey());
                    figures.computeIfAbsent(name, this::register).value = value;
                    seen.add(name);
                }
            }
        }
        figures.entrySet()
                .removeIf(entry -> !seen.contains(entry.getKey()) && unregister(entry.getValue()));
    }

    private Figure register(MetricName name) {
        Figure figure = new Figure();
        figure.gauge =
                Gauge.builder(name.name(), figure, shown -> shown.value)
                        .tags(name.tags())
                        .register(registry);
        return figure;
    }

    private boolean unregister(Figure figure) {
        return registry.remove(figure.gauge) != null;
    }
}
