package io.fluxfoam.student.train;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecyclingQueueTest {
    private final RecyclingQueue<long[]> handover = new RecyclingQueue<>(2, () -> new long[1]);

    @Test
    void shouldCarryObjectsRoundInOrder() {
        long[] first = handover.takeEmpty();
        long[] second = handover.takeEmpty();
        assertNull(handover.takeEmpty());
        assertNull(handover.takeFilled());
        handover.hand(first);
        handover.hand(second);
        assertSame(first, handover.takeFilled());
        assertSame(second, handover.takeFilled());
        assertNull(handover.takeFilled());
        handover.giveBack(first);
        assertSame(first, handover.takeEmpty());
    }

    @Test
    void shouldTellWhenAllThatWasHandedOverIsBack() {
        assertTrue(handover.allReturned());
        long[] object = handover.takeEmpty();
        assertTrue(handover.allReturned(), "taken, but not handed over");
        handover.hand(object);
        assertFalse(handover.allReturned());
        assertNotNull(handover.takeFilled());
        assertFalse(handover.allReturned());
        handover.giveBack(object);
        assertTrue(handover.allReturned());
    }
}
