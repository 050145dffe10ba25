package io.fluxfoam.distill;

import io.fluxfoam.tensor.FrameNumber;

/**
 * Which frames are held out: every third counter (2, 5, 8, …). A rule of the number alone, so that
 * anyone can recompute it; nobody trains on such a frame.
 */
public final class HoldoutRule {
    /**
     * One of this many counters in a row is held out: whether a counter is depends on its
     * remainder.
     */
    public static final int EVERY = 3;

    private HoldoutRule() {}

    /** Whether the frame of this number, or the one of this counter, is held out. */
    public static boolean isHoldout(long frameNumber) {
        return FrameNumber.counter(frameNumber) % EVERY == EVERY - 1;
    }

    /**
     * How many held-out frames come before this counter: the index into the fixed walk over
     * held-out sentences.
     */
    public static long ordinal(long counter) {
        return counter / EVERY;
    }

    /** The counter of the held-out frame before which come this many held-out ones. */
    static long heldOut(long ordinal) {
        return ordinal * EVERY + EVERY - 1;
    }

    /** The counter of the TRAIN frame before which come this many TRAIN frames. */
    static long trained(long before) {
        return before / (EVERY - 1) * EVERY + before % (EVERY - 1);
    }
}
