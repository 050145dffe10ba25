package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.coordinator.NodeEvents.Event;
import io.fluxfoam.coordinator.status.NodeStatus;

import org.junit.jupiter.api.Test;

import java.util.List;

class NodeEventsTest {
    private final NodeEvents events = new NodeEvents(8);

    @Test
    void shouldTellTheLifeOfANode() {
        seen(1, 1, "ALIVE");
        seen(2, 1, "ALIVE");
        seen(3, 1, "STALLED");
        seen(4, 1, "ALIVE");
        seen(5, 1, "DEAD");
        seen(6, 2, "ALIVE");
        seen(7, 2, "STOPPED");
        assertEquals(
                List.of(
                        new Event(7, "student", 2L, "stopped"),
                        new Event(6, "student", 2L, "rejoined"),
                        new Event(5, "student", 1L, "died"),
                        new Event(4, "student", 1L, "recovered"),
                        new Event(3, "student", 1L, "stalled"),
                        new Event(1, "student", 1L, "joined")),
                events.newestFirst());
    }

    @Test
    void shouldTellARejoinWhoseDeathFellBetweenTwoLooks() {
        seen(1, 1, "ALIVE");
        seen(2, 2, "ALIVE");
        assertEquals(new Event(2, "student", 2L, "rejoined"), events.newestFirst().getFirst());
    }

    @Test
    void shouldTellThatTheStudentGrew() {
        List<NodeStatus> nodes = seen(1, 1, "ALIVE");
        for (Double width : new Double[] {null, .25, .25, .5, null, .5, 1.}) {
            events.compareWidth(2, nodes, width);
        }
        assertEquals(
                List.of("grew", "grew", "joined"),
                events.newestFirst().stream().map(Event::kind).toList());
        assertEquals(new Event(2, "student", 1L, "grew"), events.newestFirst().getFirst());
        events.compareWidth(3, nodes, .25); // another foam's student, or one that began anew
        assertEquals(3, events.newestFirst().size());
    }

    @Test
    void shouldForgetTheOldestEvents() {
        for (int incarnation = 1; incarnation <= 20; incarnation++) {
            seen(incarnation, incarnation, "ALIVE");
        }
        assertEquals(8, events.newestFirst().size());
        assertEquals(new Event(13, "student", 13L, "rejoined"), events.newestFirst().getLast());
    }

    private List<NodeStatus> seen(double seconds, long incarnation, String state) {
        List<NodeStatus> nodes =
                List.of(
                        new NodeStatus(
                                "student",
                                "student",
                                40 + incarnation,
                                incarnation,
                                state,
                                1.0,
                                incarnation - 1,
                                0L,
                                "host",
                                List.of(),
                                0L,
                                0L,
                                "java",
                                null,
                                null,
                                null));
        events.compare(seconds, nodes);
        return nodes;
    }
}
