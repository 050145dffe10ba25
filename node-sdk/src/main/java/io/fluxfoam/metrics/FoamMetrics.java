package io.fluxfoam.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Shows the figures of a foam as meters of a registry. A figure that is NaN, or that is no longer
 * there, has no meter. Thread-safe.
 */
public final class FoamMetrics {
    private final MeterRegistry registry;
    private final Supplier<? extends Collection<MetricValue>> values;
    private final Map<Series, Figure> figures = new HashMap<>();

    private record Series(MetricSpec metric, List<String> labelValues) {}

    /** A meter and the value it shows. */
    private static final class Figure {
        private final Meter meter;
        private volatile double value;

        Figure(MetricSpec metric, List<Tag> tags, MeterRegistry registry) {
            this.meter =
                    metric.onlyGrows()
                            ? FunctionCounter.builder(metric.name(), this, shown -> shown.value)
                                    .tags(tags)
                                    .description(metric.help())
                                    .register(registry)
                            : Gauge.builder(metric.name(), this, shown -> shown.value)
                                    .tags(tags)
                                    .description(metric.help())
                                    .register(registry);
        }
    }

    /**
     * Metrics of a foam; nothing is shown before the first {@link #refresh()}.
     *
     * @param values all figures as of now
     */
    public FoamMetrics(MeterRegistry registry, Supplier<? extends Collection<MetricValue>> values) {
        this.registry = registry;
        this.values = values;
    }

    /** Reads all figures once; to be called before the registry is scraped. */
    public synchronized void refresh() {
        Set<Series> seen = new HashSet<>();
        for (MetricValue value : values.get()) {
            if (!Double.isNaN(value.value())) {
                Series series = new Series(value.metric(), value.labelValues());
                figures.computeIfAbsent(series, this::register).value =
                        value.metric().unit().toBase(value.value());
                seen.add(series);
            }
        }
        figures.entrySet()
                .removeIf(entry -> !seen.contains(entry.getKey()) && unregister(entry.getValue()));
    }

    private Figure register(Series series) {
        MetricSpec metric = series.metric();
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < metric.labels().size(); i++) {
            tags.add(Tag.of(metric.labels().get(i), series.labelValues().get(i)));
        }
        return new Figure(metric, tags, registry);
    }

    private boolean unregister(Figure figure) {
        return registry.remove(figure.meter) != null;
    }
}
