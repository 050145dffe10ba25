package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StreamStatus;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class QuietWatchTest {
    private final List<String> events = new ArrayList<>();
    private final QuietWatch watch =
            new QuietWatch((node, event) -> events.add(node + " " + event));

    private static FoamStatus foam(String role, long incarnation, Long sequence, long readers) {
        StreamStatus stream =
                new StreamStatus("s", "f32", List.of(1L), 16L, sequence, 0.0, readers, List.of());
        NodeStatus node =
                new NodeStatus(
                        "n",
                        role,
                        1L,
                        incarnation,
                        "ALIVE",
                        0.0,
                        0L,
                        0L,
                        "host",
                        List.of(stream),
                        0L,
                        0L,
                        "java",
                        null,
                        null,
                        null);
        return new FoamStatus("foam", 1.0, List.of(node), null, null);
    }

    @Test
    void shouldTellOnceOfATeacherThatNobodyReadsAndThatItIsOver() {
        watch.look(foam("teacher", 1, 5L, 0), 0);
        watch.look(foam("teacher", 1, 6L, 0), QuietWatch.PATIENCE_NS - 1);
        assertEquals(List.of(), events);
        watch.look(foam("teacher", 1, 7L, 0), QuietWatch.PATIENCE_NS);
        watch.look(foam("teacher", 1, 8L, 0), 2 * QuietWatch.PATIENCE_NS);
        watch.look(foam("teacher", 1, 9L, 1), 3 * QuietWatch.PATIENCE_NS);
        assertEquals(
                List.of(
                        "n computes for nobody: no node has read its streams for 30 s",
                        "n no longer quiet"),
                events);
    }

    @Test
    void shouldTellOfASensorThatShowsNothingButNotAcrossItsDeath() {
        watch.look(foam("sensor", 1, null, 1), 0);
        watch.look(foam("sensor", 2, 0L, 1), QuietWatch.PATIENCE_NS);
        assertEquals(List.of(), events);
        watch.look(foam("sensor", 2, 0L, 1), 2 * QuietWatch.PATIENCE_NS);
        assertEquals(List.of("n has shown nothing for 30 s"), events);
    }

    @Test
    void shouldSayNothingOfWhoWorksForSomebody() {
        for (long turn = 0; turn < 3; turn++) {
            watch.look(foam("sensor", 1, 1L, 0), turn * QuietWatch.PATIENCE_NS);
        }
        for (long turn = 0; turn < 3; turn++) {
            watch.look(foam("student", 1, 1L, 0), turn * QuietWatch.PATIENCE_NS);
        }
        assertEquals(List.of(), events);
    }
}
