package io.fluxfoam.teacher;

import io.fluxfoam.distill.FrameRate;

/**
 * Says when it is time to look again, so that on average there are at most so many looks in a
 * second. A look may come half an interval early: frames that come exactly that often, but not
 * evenly, are all looked at.
 */
final class Pace {
    private static final double NS_PER_SECOND = 1e9;

    private final long intervalNs;
    private long nextNs;
    private boolean begun;

    Pace(FrameRate most) {
        intervalNs = (long) (NS_PER_SECOND / most.perSecond());
    }

    boolean isDue(long nowNs) {
        return !begun || nowNs - nextNs >= -intervalNs / 2;
    }

    /** Takes note of a look that was due. */
    void looked(long nowNs) {
        long earliest = nowNs - intervalNs / 2;
        nextNs = (begun && nextNs - earliest > 0 ? nextNs : earliest) + intervalNs;
        begun = true;
    }
}
