package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StreamStatus;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.NodeState;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Tells of living nodes that do nothing for anybody: a sensor that shows nothing, a teacher that
 * nobody reads. Each once, and when it is over. For one thread.
 */
final class QuietWatch {
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final BiConsumer<String, String> events;
    private final Map<String, Quiet> quiet = new HashMap<>();

    private record Quiet(Long incarnation, String what, long sinceNs, boolean said) {}

    QuietWatch(BiConsumer<String, String> events) {
        this.events = events;
    }

    void look(FoamStatus foam, long nowNs) {
        for (NodeStatus node : foam.nodes()) {
            String what = what(node);
            Quiet before = quiet.get(node.name());
            if (what == null) {
                quiet.remove(node.name());
                if (before != null && before.said() && isAlive(node)) {
                    events.accept(node.name(), "no longer quiet");
                }
            } else if (before == null
                    || !before.what().equals(what)
                    || !before.incarnation().equals(node.incarnation())) {
                quiet.put(node.name(), new Quiet(node.incarnation(), what, nowNs, false));
            } else if (!before.said() && nowNs - before.sinceNs() >= PATIENCE_NS) {
                quiet.put(node.name(), new Quiet(node.incarnation(), what, before.sinceNs(), true));
                events.accept(node.name(), what + " for " + PATIENCE_NS / 1_000_000_000 + " s");
            }
        }
    }

    private static String what(NodeStatus node) {
        if (!isAlive(node)) {
            return null;
        }
        boolean shows = node.streams().stream().anyMatch(QuietWatch::hasCommits);
        if (node.role().equals(Roles.SENSOR) && !shows) {
            return "has shown nothing";
        }
        boolean isRead =
                node.streams().stream()
                        .anyMatch(stream -> stream.readers() != null && stream.readers() > 0);
        return node.role().equals(Roles.TEACHER) && shows && !isRead
                ? "computes for nobody: no node has read its streams"
                : null;
    }

    private static boolean isAlive(NodeStatus node) {
        return NodeState.ALIVE.name().equals(node.state());
    }

    private static boolean hasCommits(StreamStatus stream) {
        return stream.sequence() != null && stream.sequence() > 0;
    }
}
