package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class BackoffTest {
    private final Backoff backoff = new Backoff();

    @Test
    void shouldWaitLongerAfterEachShortLifeUpToABound() {
        List<Long> pausesMs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            pausesMs.add(backoff.afterLife(1_000_000) / 1_000_000);
        }
        assertEquals(
                List.of(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L, 10_000L),
                pausesMs);
    }

    @Test
    void shouldForgetAfterALongLife() {
        for (int i = 0; i < 10; i++) {
            backoff.afterLife(0);
        }
        assertEquals(Backoff.LEAST_NS, backoff.afterLife(Backoff.LONG_LIFE_NS));
        assertEquals(2 * Backoff.LEAST_NS, backoff.afterLife(Backoff.LONG_LIFE_NS - 1));
    }
}
