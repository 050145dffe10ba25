package io.fluxfoam.teacher;

import io.fluxfoam.distill.FrameRate;

import java.util.SplittableRandom;

/**
 * Says when it is time to look again, so that on average there are at most so many looks in a
 * second. Frames that come just as often, but not evenly, are all looked at. Where they come more
 * often, which are looked at is left to chance: every third would be always one that is held out,
 * or never.
 */
final class Pace {
    private static final double NS_PER_SECOND = 1e9;

    /** Looks that may be saved up. */
    private static final double MOST_SAVED = 3;

    /** By how much more than one look has to be saved up for the next one at most. */
    private static final double MOST_DELAY = 1;

    private final double looksPerNs;
    private final SplittableRandom random;
    private double saved = MOST_SAVED;
    private double wanted = 1;
    private long savedAtNs;
    private boolean begun;

    Pace(FrameRate most, long seed) {
        looksPerNs = most.perSecond() / NS_PER_SECOND;
        random = new SplittableRandom(seed);
    }

    /** Whether it is time to look. */
    boolean isDue(long nowNs) {
        if (begun) {
            saved = Math.min(MOST_SAVED, saved + (nowNs - savedAtNs) * looksPerNs);
        }
        savedAtNs = nowNs;
        begun = true;
        return saved >= wanted;
    }

    /** Takes note of a look that was due. */
    void looked() {
        saved--;
        wanted = 1 + MOST_DELAY * random.nextDouble();
    }

    /** The look that was taken note of last cost nothing. */
    void gaveBack() {
        saved = Math.min(MOST_SAVED, saved + 1);
    }
}
