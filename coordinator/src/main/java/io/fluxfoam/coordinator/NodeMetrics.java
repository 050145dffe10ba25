package io.fluxfoam.coordinator;

import static io.fluxfoam.metrics.MetricSpec.ofNode;

import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StreamStatus;
import io.fluxfoam.counters.Unit;
import io.fluxfoam.metrics.MetricSpec;
import io.fluxfoam.metrics.MetricValue;

import java.util.ArrayList;
import java.util.List;

/** What the coordinator sees of nodes, streams and processes besides their counters, as metrics. */
final class NodeMetrics {
    private static final String STREAM = "stream";

    private static final MetricSpec ALIVE =
            ofNode(
                    "foam_node_alive",
                    false,
                    Unit.COUNT,
                    "1 while the node is ALIVE, 0 while it is STALLED, DEAD or STOPPED.");

    private static final MetricSpec RESTARTS =
            ofNode(
                    "foam_node_restarts_total",
                    true,
                    Unit.COUNT,
                    "Times that the node was started again.");

    private static final MetricSpec HEARTBEAT_AGE =
            ofNode(
                    "foam_node_heartbeat_age_seconds",
                    false,
                    Unit.MILLIS,
                    "Time since the heartbeat last moved.");

    private static final MetricSpec COMMITS =
            ofNode(
                    "foam_stream_commits_total",
                    true,
                    Unit.COUNT,
                    "Commits of the stream by this incarnation of the node.",
                    STREAM);

    private static final MetricSpec COMMIT_RATE =
            ofNode(
                    "foam_stream_commits_per_second",
                    false,
                    Unit.PER_SECOND,
                    "Commits of the stream over the last two seconds.",
                    STREAM);

    private static final MetricSpec READERS =
            ofNode(
                    "foam_stream_readers",
                    false,
                    Unit.COUNT,
                    "Lanes of the stream that a living reader has.",
                    STREAM);

    private static final MetricSpec CPU =
            ofNode(
                    "foam_process_cpu_seconds_total",
                    true,
                    Unit.SECONDS,
                    "CPU time that the node's process has used, in user and kernel.");

    private static final MetricSpec MEMORY =
            ofNode(
                    "foam_process_resident_memory_bytes",
                    false,
                    Unit.BYTES,
                    "Resident memory of the node's process, shared memory included.");

    private static final MetricSpec THREADS =
            ofNode("foam_process_threads", false, Unit.COUNT, "Threads of the node's process.");

    static final List<MetricSpec> ALL =
            List.of(
                    ALIVE,
                    RESTARTS,
                    HEARTBEAT_AGE,
                    COMMITS,
                    COMMIT_RATE,
                    READERS,
                    CPU,
                    MEMORY,
                    THREADS);

    private NodeMetrics() {}

    static List<MetricValue> of(NodeStatus node) {
        List<MetricValue> values = new ArrayList<>();
        String name = node.name();
        String role = node.role();
        values.add(ALIVE.value(node.state().equals("ALIVE") ? 1 : 0, name, role));
        values.add(RESTARTS.value(node.restarts(), name, role));
        values.add(HEARTBEAT_AGE.value(node.heartbeatAgeMillis(), name, role));
        for (StreamStatus stream : node.streams()) {
            String path = name + "/" + stream.name();
            values.add(COMMITS.value(stream.sequence(), name, role, path));
            values.add(READERS.value(stream.readers(), name, role, path));
            Double rate = stream.ratePerSecond();
            values.add(COMMIT_RATE.value(rate == null ? Double.NaN : rate, name, role, path));
        }
        return values;
    }

    static List<MetricValue> of(String name, String role, ProcessUsage usage) {
        return List.of(
                CPU.value(usage.cpuSeconds(), name, role),
                MEMORY.value(usage.residentBytes(), name, role),
                THREADS.value(usage.threads(), name, role));
    }
}
