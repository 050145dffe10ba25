package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StreamStatus;
import io.fluxfoam.metrics.FoamMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The foam in Prometheus' text format: every counter of every node, and of each node whether it is
 * alive, its incarnation and the age of its heartbeat, and of each stream its sequence, rate and
 * readers. Thread-safe.
 */
final class PrometheusText {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FoamMetrics metrics;
    private final Counters counters;
    private final Supplier<List<NodeStatus>> nodes;

    /** Reads all counters now: node name, then label, then value. */
    interface Counters {
        Map<String, Map<String, Number>> read() throws IOException;
    }

    PrometheusText(Counters counters, Supplier<List<NodeStatus>> nodes) {
        this.counters = counters;
        this.nodes = nodes;
        this.metrics = new FoamMetrics(registry, this::figures);
    }

    synchronized String scrape() {
        metrics.refresh();
        return registry.scrape();
    }

    private Map<String, Map<String, Number>> figures() {
        try {
            Map<String, Map<String, Number>> figures = new HashMap<>();
            counters.read().forEach((node, values) -> figures.put(node, new HashMap<>(values)));
            for (NodeStatus node : nodes.get()) {
                add(node, figures.computeIfAbsent(node.name(), name -> new HashMap<>()));
            }
            return figures;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(NodeStatus node, Map<String, Number> figures) {
        figures.put("alive", node.state().equals("ALIVE") ? 1 : 0);
        figures.put("incarnation", node.incarnation());
        figures.put("heartbeatAgeMillis", node.heartbeatAgeMillis());
        for (StreamStatus stream : node.streams()) {
            String prefix = "stream." + stream.name() + ".";
            figures.put(prefix + "sequence", stream.sequence());
            figures.put(prefix + "readers", stream.readers());
            if (stream.ratePerSecond() != null) {
                figures.put(prefix + "ratePerSecond", stream.ratePerSecond());
            }
        }
    }
}
