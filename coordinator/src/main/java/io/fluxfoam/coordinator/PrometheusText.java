package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.CoordinatorCounters;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StatusProbe.NodeFacts;
import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.metrics.CounterMetrics;
import io.fluxfoam.metrics.FoamMetrics;
import io.fluxfoam.metrics.MetricSpec;
import io.fluxfoam.metrics.MetricValue;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The foam in Prometheus' text format: every counter of every node, what the coordinator sees of
 * each node and its streams, and what the processes of living nodes use. {@code docs/METRICS.md}
 * has the table. Thread-safe.
 */
final class PrometheusText {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final List<CounterSpec> COUNTERS =
            Stream.of(
                            FabricCounters.ALL,
                            LoopCounters.ALL,
                            LinkCounters.ALL,
                            CoordinatorCounters.ALL)
                    .flatMap(List::stream)
                    .toList();

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CounterMetrics counters = new CounterMetrics(COUNTERS);
    private final FoamMetrics metrics = new FoamMetrics(registry, this::values);
    private final Facts facts;
    private final Supplier<List<NodeStatus>> nodes;
    private final Function<MarkView, Optional<ProcessUsage>> usage;

    /** Reads the marks and counters of all nodes now. */
    interface Facts {
        List<NodeFacts> read() throws IOException;
    }

    /**
     * Nothing is read before the first scrape.
     *
     * @param usage asks the kernel for what the process of a node uses
     */
    PrometheusText(
            Facts facts,
            Supplier<List<NodeStatus>> nodes,
            Function<MarkView, Optional<ProcessUsage>> usage) {
        this.facts = facts;
        this.nodes = nodes;
        this.usage = usage;
    }

    /** Declared counters, in the order of their declarations. */
    static List<CounterSpec> declaredCounters() {
        return COUNTERS;
    }

    /** Every metric there may be, but for those of nodes' own counters. */
    static List<MetricSpec> declaredMetrics() {
        return Stream.concat(NodeMetrics.ALL.stream(), COUNTERS.stream().map(MetricSpec::of))
                .toList();
    }

    synchronized String scrape() {
        metrics.refresh();
        return registry.scrape();
    }

    private List<MetricValue> values() {
        List<MetricValue> values = new ArrayList<>();
        nodes.get().forEach(node -> values.addAll(NodeMetrics.of(node)));
        try {
            for (NodeFacts node : facts.read()) {
                String name = node.mark().name();
                String role = node.mark().role();
                node.counters()
                        .ifPresent(snapshot ->
                                values.addAll(counters.values(name, role, snapshot.values())));
                usage.apply(node.mark())
                        .ifPresent(used -> values.addAll(NodeMetrics.of(name, role, used)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }
}
