package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameRate;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

/** A pace is a mean: frames that come just as often, but unevenly, all pass. */
class PaceTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SECONDS = 60;

    /** Looks at frames that come so often, each up to so much late, by the number modulo three. */
    private static int[] looks(double most, int framesPerSecond, double lateness) {
        Pace pace = new Pace(new FrameRate(most), 3);
        SplittableRandom random = new SplittableRandom(5);
        long interval = SECOND_NS / framesPerSecond;
        long start = Long.MAX_VALUE - 3 * SECOND_NS; // a clock may begin anywhere
        int[] looks = new int[3];
        for (int i = 0; i < SECONDS * framesPerSecond; i++) {
            long late = (long) (lateness * interval * random.nextDouble());
            if (pace.isDue(start + i * interval + late)) {
                pace.looked();
                looks[i % 3]++;
            }
        }
        return looks;
    }

    private static double perSecond(int... looks) {
        return Arrays.stream(looks).sum() / (double) SECONDS;
    }

    @Test
    void shouldLookAtEveryFrameThatComesAsOftenAsItMayLook() {
        assertEquals(8, perSecond(looks(8, 8, .45)), 1e-9);
        assertEquals(7, perSecond(looks(8, 7, .45)), 1e-9);
    }

    @Test
    void shouldLookAsOftenAsItMayAtFramesThatComeMoreOften() {
        assertEquals(8, perSecond(looks(8, 30, 0)), .1);
        assertEquals(8, perSecond(looks(8, 24, .1)), .1);
        assertEquals(8, perSecond(looks(8, 1000, .5)), .1);
    }

    @Test
    void shouldLookAtAllThatCostNothing() {
        Pace pace = new Pace(new FrameRate(8), 3);
        for (int i = 0; i < 1_000; i++) {
            assertTrue(pace.isDue(i * (SECOND_NS / 1_000)), "frame " + i);
            pace.looked();
            pace.gaveBack();
        }
        int costly = 0;
        for (int i = 1_000; i < 61_000; i++) {
            if (pace.isDue(i * (SECOND_NS / 1_000))) {
                pace.looked();
                costly++;
            }
        }
        assertEquals(8 * SECONDS, costly, 5, "nothing was saved up");
    }

    @Test
    void shouldLookAtHeldOutFramesAsOftenAsAtOthers() {
        for (int framesPerSecond : new int[] {9, 12, 16, 24, 48}) {
            int[] looks = looks(8, framesPerSecond, .05);
            for (int count : looks) {
                assertTrue(count > 8 * SECONDS / 3 * .8, () -> Arrays.toString(looks));
            }
        }
    }
}
