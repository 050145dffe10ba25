package io.fluxfoam.bridge;

import java.util.Arrays;

/**
 * The newest round trips to a host. Of them the shortest tells best how far its clock is ahead of
 * ours: the answer was given somewhere within it.
 */
final class RoundTrips {
    private static final int KEPT = 16;

    private final long[] tripNs = new long[KEPT];
    private final long[] offsetNs = new long[KEPT];
    private int count;

    /** A question asked and answered at these times of ours, at that time of the host's. */
    void add(long askedNs, long hostNs, long answeredNs) {
        int place = count++ % KEPT;
        tripNs[place] = answeredNs - askedNs;
        offsetNs[place] = hostNs - askedNs - tripNs[place] / 2;
    }

    void clear() {
        count = 0;
        Arrays.fill(tripNs, 0);
    }

    private int shortest() {
        int best = 0;
        for (int i = 1; i < Math.min(count, KEPT); i++) {
            best = tripNs[i] < tripNs[best] ? i : best;
        }
        return best;
    }

    /** Whether there is one. */
    boolean isKnown() {
        return count > 0;
    }

    long tripNs() {
        return tripNs[shortest()];
    }

    /** How much the host's clock is ahead of ours; 0 if nothing is known. */
    long offsetNs() {
        return count == 0 ? 0 : offsetNs[shortest()];
    }
}
