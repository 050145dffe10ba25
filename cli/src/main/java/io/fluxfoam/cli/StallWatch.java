package io.fluxfoam.cli;

import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Tells when a living node's heart stops beating and when it beats again. For one thread. */
final class StallWatch {
    private final BiConsumer<String, String> events;
    private final Map<String, Long> stalled = new HashMap<>();

    StallWatch(BiConsumer<String, String> events) {
        this.events = events;
    }

    void look(List<MarkView> marks) {
        for (MarkView mark : marks) {
            boolean before = Long.valueOf(mark.incarnation()).equals(stalled.get(mark.name()));
            if (mark.state() == NodeState.STALLED && !before) {
                stalled.put(mark.name(), mark.incarnation());
                events.accept(
                        mark.name(),
                        "stalled: no heartbeat for "
                                + Text.age((double) mark.heartbeatAgeMillis()));
            } else if (mark.state() == NodeState.ALIVE && before) {
                stalled.remove(mark.name());
                events.accept(mark.name(), "goes on");
            }
        }
    }
}
