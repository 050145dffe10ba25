package io.fluxfoam.teacher.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

class TrustTest {
    private static MemorySegment floats(float... values) {
        return MemorySegment.ofArray(values);
    }

    @Test
    void shouldMeasureHowFarTwoResultsAreApart() {
        assertEquals(0, Trust.divergence(floats(3, 4), floats(3, 4)));
        assertEquals(0.2, Trust.divergence(floats(3, 4), floats(3, 5)), 1e-9);
        assertEquals(0, Trust.divergence(floats(Float.NaN), floats(Float.NaN)), "the same bits");
        assertEquals(
                Double.POSITIVE_INFINITY, Trust.divergence(floats(Float.NaN, 1), floats(1, 1)));
        assertEquals(Double.POSITIVE_INFINITY, Trust.divergence(floats(1), floats(1, 1)));
        assertTrue(Trust.divergence(floats(0f), floats(-0f)) > 0);
        assertTrue(Trust.divergence(floats(0, 0), floats(0, 1)) > 1e3);
    }

    @Test
    void shouldBeEarnedByAgreementAndLostByOneDifference() {
        Trust trust = new Trust(Trust.Kind.EXACT, 1);
        for (int i = 0; i < 32; i++) {
            assertFalse(trust.isEarned());
            trust.agreed();
        }
        assertTrue(trust.isEarned());
        assertFalse(trust.agrees(Double.MIN_VALUE));
        trust.differed(1e-5);
        assertEquals(Trust.Kind.APPROXIMATE, trust.kind());
        assertTrue(trust.agrees(1e-5));
        for (int i = 0; i < 300; i++) {
            assertFalse(trust.isEarned());
            trust.agreed();
        }
        assertTrue(trust.isEarned());
        trust.differed(0.1);
        assertEquals(Trust.Kind.APPROXIMATE, trust.kind());
        assertFalse(trust.isEarned());
        Trust other = new Trust(Trust.Kind.EXACT, 1);
        other.differed(0.1);
        assertTrue(other.isClosed());
        assertFalse(other.isEarned());
    }

    @Test
    void shouldCheckTheSameOnesEachTimeAndOneOfTwoHundred() {
        Trust one = new Trust(Trust.Kind.EXACT, 18);
        Trust other = new Trust(Trust.Kind.EXACT, 18);
        int checks = 0;
        for (int i = 0; i < 100_000; i++) {
            boolean check = one.isSpotCheck();
            assertEquals(check, other.isSpotCheck());
            checks += check ? 1 : 0;
        }
        assertEquals(500, checks, 100);
    }
}
