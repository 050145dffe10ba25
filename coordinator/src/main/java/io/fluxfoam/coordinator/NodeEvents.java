package io.fluxfoam.coordinator;

import io.fluxfoam.cli.NodeStatus;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What happened to the nodes between one look at the foam and the next; the newest are kept.
 *
 * <p>For one thread.
 */
final class NodeEvents {
    private final int capacity;
    private final ArrayDeque<Event> newestFirst = new ArrayDeque<>();
    private final Map<String, NodeStatus> before = new HashMap<>();

    /**
     * @param seconds the foam's uptime when it was seen
     * @param kind {@code joined}, {@code rejoined}, {@code recovered}, {@code stalled}, {@code
     *     died} or {@code stopped}
     */
    record Event(double seconds, String node, Long incarnation, String kind) {}

    NodeEvents(int capacity) {
        this.capacity = capacity;
    }

    void compare(double uptimeSeconds, List<NodeStatus> nodes) {
        for (NodeStatus now : nodes) {
            String kind = kind(before.put(now.name(), now), now);
            if (kind != null) {
                newestFirst.addFirst(new Event(uptimeSeconds, now.name(), now.incarnation(), kind));
                if (newestFirst.size() > capacity) {
                    newestFirst.removeLast();
                }
            }
        }
    }

    List<Event> newestFirst() {
        return List.copyOf(newestFirst);
    }

    private static String kind(NodeStatus before, NodeStatus now) {
        boolean sameLife =
                before != null && Objects.equals(before.incarnation(), now.incarnation());
        if (sameLife && before.state().equals(now.state())) {
            return null;
        }
        return switch (now.state()) {
            case "ALIVE" -> before == null ? "joined" : sameLife ? "recovered" : "rejoined";
            case "STALLED" -> "stalled";
            case "DEAD" -> "died";
            case "STOPPED" -> "stopped";
            default -> null;
        };
    }
}
