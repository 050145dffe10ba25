package io.fluxfoam.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SeedIntervalTest {
    /** Mean 3, deviation 1.5811, its error 0.7071, t with 4 degrees 2.7764. */
    @Test
    void shouldBeStudentsInterval() {
        SeedInterval interval = SeedInterval.of(1, 2, 3, 4, 5);
        assertEquals(3, interval.mean(), 1e-12);
        assertEquals(3 - 1.9632, interval.low(), 1e-4);
        assertEquals(3 + 1.9632, interval.high(), 1e-4);
    }

    @Test
    void shouldBeWideForTwoSeeds() {
        SeedInterval interval = SeedInterval.of(0, 2);
        assertEquals(1 - 12.7062, interval.low(), 1e-9);
    }

    @Test
    void shouldSayNothingOfTheSpreadOfOne() {
        assertEquals(new SeedInterval(.7, .7, .7), SeedInterval.of(.7));
    }

    /** Seeds that are hard for both arms do not widen the interval of the difference. */
    @Test
    void shouldPairSeedBySeed() {
        double[] arm = {.5, .9, .7};
        double[] other = {.4, .8, .6};
        SeedInterval difference = SeedInterval.paired(arm, other);
        assertEquals(.1, difference.mean(), 1e-12);
        assertEquals(.1, difference.low(), 1e-12);
        assertEquals(.1, difference.high(), 1e-12);
    }
}
