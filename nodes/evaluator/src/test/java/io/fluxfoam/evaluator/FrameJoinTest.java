package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class FrameJoinTest {
    @Test
    void shouldLetTheOldestGiveWay() {
        FrameJoin<String> join = new FrameJoin<>(2);
        join.put(1, "a");
        join.put(2, "b");
        join.put(1, "c");
        join.put(3, "d");
        assertNull(join.get(2));
        assertEquals("c", join.get(1));
        assertEquals("d", join.take(3));
        assertNull(join.take(3));
        assertEquals(1, join.size());
    }
}
