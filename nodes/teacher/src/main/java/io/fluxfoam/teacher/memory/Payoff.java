package io.fluxfoam.teacher.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Whether it is worth while to look inputs up, by what was measured:
 *
 * <pre>
 *   hit * (live - get)  &gt;  fingerprint + (1 - hit) * put
 * </pre>
 *
 * where hit is the share of inputs that are known and the others are times. It begins with the hope
 * that all are known, which goes down with each that is not, so that an input that hardly costs
 * anything beside what it may save is looked up for longer. When it does not pay, some inputs are
 * still looked up, 1 of 64 or fewer: by their content, so that what is shown again is again among
 * them, and by their number. If these would pay clearly all are looked up again; each time that
 * this was for nothing, twice as many have to be seen before the next try. For one thread.
 */
final class Payoff {
    /** Fewest inputs that are looked up before it is asked whether that pays. */
    static final int LEAST_LOOKS = 128;

    /** One of so many is looked up when it does not pay, or of more. */
    static final int LEAST_INTERVAL = 64;

    private static final int MOST_INTERVAL = 1 << 12;
    private static final int LEAST_PATIENCE = 8;
    private static final int MOST_PATIENCE = 1 << 12;

    /** A try of so many inputs was not for nothing. */
    private static final int LONG_TRY = 1 << 13;

    private static final double HIT_WEIGHT = 1. / 256;
    private static final double SAMPLED_HIT_WEIGHT = 1. / 8;
    private static final double COST_WEIGHT = 1. / 16;
    private static final double CLEARLY = 1.5;
    private static final double LEAP = 4;

    /** Of the teacher's time, what looking at samples may cost. */
    private static final double MOST_SAMPLING = .005;

    /** Two reasons to look at an input. */
    private static final double REASONS = 2;

    private static final double MOST_CREDIT = 4;
    private static final int PROBED_WORDS = 8;

    private boolean isPaying = true;
    private double hit = 1;
    private double liveNs = Double.NaN;
    private double fingerprintNs = Double.NaN;
    private double getNs = Double.NaN;
    private double putNs = Double.NaN;
    private long looks;
    private long patience = LEAST_PATIENCE;
    private int interval = LEAST_INTERVAL;
    private double credit;
    private long passed;

    /** Whether all inputs are looked up. */
    boolean isPaying() {
        return isPaying;
    }

    /** Whether this input is looked up. Asked once for each. */
    boolean wants(MemorySegment input) {
        if (isPaying) {
            return true;
        }
        passed++;
        credit = Math.min(MOST_CREDIT, credit + REASONS / interval);
        boolean isChosen = passed % interval == 0 || (probe(input) & interval - 1) == 0;
        if (!isChosen || credit < 1) {
            return false;
        }
        credit--;
        return true;
    }

    /** A digest of some words of it: far cheaper than a fingerprint, and the same for the same. */
    private static long probe(MemorySegment input) {
        long bytes = input.byteSize();
        long digest = bytes;
        if (bytes < PROBED_WORDS * Long.BYTES) {
            for (long i = 0; i < bytes; i++) {
                digest = digest * 31 + input.get(ValueLayout.JAVA_BYTE, i);
            }
        } else {
            long step = (bytes - Long.BYTES) / (PROBED_WORDS - 1);
            for (int i = 0; i < PROBED_WORDS; i++) {
                digest =
                        digest * 31
                                + Fingerprint.mixed(
                                        input.get(ValueLayout.JAVA_LONG_UNALIGNED, i * step));
            }
        }
        return Fingerprint.mixed(digest);
    }

    /** An input was computed. */
    void computed(long ns) {
        liveNs = smooth(liveNs, ns);
    }

    /**
     * An input was looked up, and taken out or put in.
     *
     * @param accessNs time of the latter
     */
    void looked(boolean isHit, long lookNs, long accessNs) {
        looks++;
        fingerprintNs = smooth(fingerprintNs, lookNs);
        if (isHit) {
            getNs = smooth(getNs, accessNs);
        } else {
            putNs = smooth(putNs, accessNs);
        }
        hit += (isPaying ? HIT_WEIGHT : SAMPLED_HIT_WEIGHT) * ((isHit ? 1 : 0) - hit);
        if (isPaying) {
            if (looks >= LEAST_LOOKS && !pays(1)) {
                stop();
            }
        } else if (looks >= patience && pays(CLEARLY)) {
            isPaying = true;
            looks = 0;
        }
    }

    private void stop() {
        isPaying = false;
        patience = looks >= LONG_TRY ? LEAST_PATIENCE : Math.min(MOST_PATIENCE, 2 * patience);
        looks = 0;
        hit = 0;
        credit = 0;
        interval = LEAST_INTERVAL;
        double onceNs = fingerprintNs + known(putNs);
        while (interval < MOST_INTERVAL && REASONS / interval * onceNs > MOST_SAMPLING * liveNs) {
            interval *= 2;
        }
    }

    private boolean pays(double margin) {
        if (Double.isNaN(liveNs)) {
            return true; // everything was known so far
        }
        double gainNs = hit * (liveNs - known(getNs));
        return gainNs > margin * (fingerprintNs + (1 - hit) * known(putNs));
    }

    private static double known(double ns) {
        return Double.isNaN(ns) ? 0 : ns;
    }

    /**
     * A mean of the newest, in which a single long time, as of a thread that was not running,
     * counts little, and that follows at once when code that was slow has been compiled.
     */
    private static double smooth(double before, double now) {
        if (Double.isNaN(before) || now * LEAP < before) {
            return now;
        }
        return before + COST_WEIGHT * (Math.min(now, LEAP * before) - before);
    }
}
