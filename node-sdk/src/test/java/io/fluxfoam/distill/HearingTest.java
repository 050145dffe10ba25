package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HearingTest {
    @Test
    void shouldReadBackWhatItWrote() {
        Hearing hearing = Hearing.of(new Hearing(.75f, .5f, new float[] {.25f, 1}).values());
        assertEquals(.75f, hearing.speech());
        assertEquals(.5f, hearing.neighbour());
        assertArrayEquals(new float[] {.25f, 1}, hearing.likeness());
        assertEquals(0, Hearing.of(new float[] {1, 1}).likeness().length);
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Hearing.of(new float[1]));
        assertEquals("no hearing: values=1", refusal.getMessage());
    }

    @Test
    void shouldKnowWhenNobodySpeaks() {
        assertFalse(new Hearing(.5f, 0, new float[0]).isNothing());
        assertTrue(new Hearing(.49f, 0, new float[0]).isNothing());
        assertTrue(new Hearing(Float.NaN, 0, new float[0]).isNothing());
    }

    @Test
    void shouldNameWhoHeard() {
        for (EarKind kind : EarKind.values()) {
            assertEquals(kind, EarKind.of(kind.ordinal()));
        }
        assertNull(EarKind.of(2));
        assertNull(EarKind.of(-1));
    }
}
