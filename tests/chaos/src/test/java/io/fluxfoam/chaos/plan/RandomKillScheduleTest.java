package io.fluxfoam.chaos.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

class RandomKillScheduleTest {
    private static final List<String> NODES = List.of("a", "b", "c", "d");
    private static final int KILLS = 100;

    /** Asks so often, begins what has been offered so many times, and ends it so much later. */
    private static List<String> targets(long seed, long everyMillis, int offers, long lastsMillis) {
        RandomKillSchedule schedule = new RandomKillSchedule(seed, NODES, KILLS, 2);
        List<String> targets = new ArrayList<>();
        Deque<ScheduledFault> underWay = new ArrayDeque<>();
        Deque<Long> ends = new ArrayDeque<>();
        int offered = 0;
        for (long now = 0; !schedule.isOver(now); now += everyMillis) {
            if (!ends.isEmpty() && ends.peek() <= now) {
                ends.remove();
                schedule.ended(underWay.remove());
            }
            for (ScheduledFault fault : schedule.due(now)) {
                assertEquals(List.of(fault), schedule.due(now), "kept until it begins");
                if (++offered % offers == 0) {
                    schedule.begun(fault);
                    targets.add(fault.target());
                    underWay.add(fault);
                    ends.add(now + lastsMillis);
                }
            }
        }
        return targets;
    }

    @Test
    void shouldGiveTheSameTargetsHoweverOftenItIsAsked() {
        List<String> targets = targets(7, 5, 1, 500);
        assertEquals(KILLS, targets.size());
        assertEquals(targets, targets(7, 5, 9, 500));
        assertEquals(targets, targets(7, 20, 1, 3_000));
        assertEquals(targets, targets(7, 333, 3, 100));
        assertNotEquals(targets, targets(8, 5, 1, 500));
        assertTrue(targets.containsAll(NODES));
    }
}
