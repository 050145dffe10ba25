package io.fluxfoam.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long START_NS = Long.MAX_VALUE - 3 * SECOND_NS; // nanoTime may wrap around

    @Test
    void shouldTickAtOnceAndThenOncePerInterval() {
        Pacer pacer = new Pacer(10);
        assertTrue(pacer.due(START_NS));
        assertFalse(pacer.due(START_NS));
        assertFalse(pacer.due(START_NS + 99_999_999));
        assertTrue(pacer.due(START_NS + 100_000_000));
    }

    @Test
    void shouldNotDriftWhenEveryTickComesLate() {
        Pacer pacer = new Pacer(7);
        int ticks = 0;
        for (long nowNs = 0; nowNs < 700 * SECOND_NS; nowNs += 9_999_991) {
            ticks += pacer.due(START_NS + nowNs) ? 1 : 0;
        }
        assertEquals(7 * 700, ticks);
        assertEquals(0, pacer.skippedTicks());
    }

    @Test
    void shouldSkipAndCountWhatAPauseMissed() {
        Pacer pacer = new Pacer(10);
        assertTrue(pacer.due(START_NS));
        assertTrue(pacer.due(START_NS + 1_050_000_000));
        assertEquals(9, pacer.skippedTicks());
        assertFalse(pacer.due(START_NS + 1_099_999_999), "no burst");
        assertTrue(pacer.due(START_NS + 1_100_000_000), "on the old schedule");
        assertEquals(9, pacer.skippedTicks());
    }

    @Test
    void shouldRefuseAPaceThatIsNotAboveZero() {
        assertThrows(IllegalArgumentException.class, () -> new Pacer(0));
        assertThrows(IllegalArgumentException.class, () -> new Pacer(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Pacer(Double.POSITIVE_INFINITY));
    }
}
