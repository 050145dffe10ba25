package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.distill.FrameRate;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** A pace is a mean: frames that come just as often, but unevenly, all pass. */
class PaceTest {
    private static final long SECOND_NS = 1_000_000_000L;

    /** Looks of ten seconds in which frames come so often, each up to so much late. */
    private static int looks(double most, int framesPerSecond, double lateness) {
        Pace pace = new Pace(new FrameRate(most));
        SplittableRandom random = new SplittableRandom(5);
        long interval = SECOND_NS / framesPerSecond;
        long start = Long.MAX_VALUE - 3 * SECOND_NS; // a clock may begin anywhere
        int looks = 0;
        for (int i = 0; i < 10 * framesPerSecond; i++) {
            long late = (long) (lateness * interval * random.nextDouble());
            if (pace.isDue(start + i * interval + late)) {
                pace.looked(start + i * interval + late);
                looks++;
            }
        }
        return looks;
    }

    @Test
    void shouldLookAtEveryFrameThatComesAsOftenAsItMayLook() {
        assertEquals(80, looks(8, 8, .45));
        assertEquals(70, looks(8, 7, .45));
    }

    @Test
    void shouldLookAsOftenAsItMayAtFramesThatComeMoreOften() {
        assertEquals(80, looks(8, 30, 0), 1);
        assertEquals(80, looks(8, 11, .3), 1);
        assertEquals(80, looks(8, 1000, .5), 1);
    }
}
