package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.distill.Roles;

import org.jspecify.annotations.Nullable;

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
    private static final String STUDENT = Roles.STUDENT;

    private final int capacity;
    private final ArrayDeque<Event> newestFirst = new ArrayDeque<>();
    private final Map<String, NodeStatus> before = new HashMap<>();
    private @Nullable Double width;

    /**
     * @param seconds the foam's uptime when it was seen
     * @param kind {@code joined}, {@code rejoined}, {@code recovered}, {@code stalled}, {@code
     *     died}, {@code stopped} or {@code grew}
     */
    record Event(double seconds, String node, Long incarnation, String kind) {}

    NodeEvents(int capacity) {
        this.capacity = capacity;
    }

    void compare(double uptimeSeconds, List<NodeStatus> nodes) {
        for (NodeStatus now : nodes) {
            String kind = kind(before.put(now.name(), now), now);
            if (kind != null) {
                add(new Event(uptimeSeconds, now.name(), now.incarnation(), kind));
            }
        }
    }

    /** Takes a student's width; if it was less at the last look, it grew. */
    void compareWidth(double uptimeSeconds, List<NodeStatus> nodes, @Nullable Double now) {
        if (now == null) {
            return;
        }
        if (width != null && now > width) {
            nodes.stream()
                    .filter(node -> node.role().equals(STUDENT))
                    .findFirst()
                    .ifPresent(node ->
                            add(new Event(uptimeSeconds, node.name(), node.incarnation(), "grew")));
        }
        width = now;
    }

    private void add(Event event) {
        newestFirst.addFirst(event);
        if (newestFirst.size() > capacity) {
            newestFirst.removeLast();
        }
    }

    List<Event> newestFirst() {
        return List.copyOf(newestFirst);
    }

    private static @Nullable String kind(@Nullable NodeStatus before, NodeStatus now) {
        boolean sameLife =
                before != null && Objects.equals(before.incarnation(), now.incarnation());
        if (before != null && sameLife && before.state().equals(now.state())) {
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
