package io.fluxfoam.distill;

import org.jspecify.annotations.Nullable;

/**
 * Which of a sensor's sources a frame is of: they take turns, so many frames each. A rule of the
 * frame's counter alone, so that anyone can recompute it.
 *
 * @param count sources, at least 1
 * @param switchEvery frames in a row of one source; of no meaning if there is but one
 */
public record Worlds(int count, long switchEvery) {
    /** One source. */
    public static final Worlds ONE = new Worlds(1, 1);

    private static final long USUAL_SWITCH_EVERY = 500;
    private static final long MAX_SWITCH_EVERY = 1L << 32;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Worlds {
        if (count < 1 || count > 64 || switchEvery < 1 || switchEvery > MAX_SWITCH_EVERY) {
            throw new IllegalArgumentException(
                    "worlds=" + count + " switchEvery=" + switchEvery + " is out of range");
        }
    }

    /**
     * What a user says of several sources: each shows {@code --switch-every} frames in a row, 500
     * if nobody says, or with {@code --mix} as many as make one of them a held-out one.
     *
     * @throws IllegalArgumentException if it makes no sense, or there is but one source
     */
    public static Worlds of(int count, @Nullable Long switchEvery, boolean mix) {
        if ((mix || switchEvery != null) && count < 2) {
            throw new IllegalArgumentException(
                    "--switch-every and --mix are of several sources, given: " + count);
        }
        if (mix && switchEvery != null) {
            throw new IllegalArgumentException("--mix and --switch-every are one or the other");
        }
        long usual = mix ? HoldoutRule.EVERY : USUAL_SWITCH_EVERY;
        return new Worlds(count, switchEvery == null ? usual : switchEvery);
    }

    /** The source of the frame of this counter. */
    public int world(long counter) {
        return count == 1 ? 0 : (int) (counter / switchEvery % count);
    }

    /**
     * The counter that a frame has within its own source: there is none left out, and held out is
     * what is held out by the foam's counter.
     */
    public long own(long counter) {
        if (count == 1) {
            return counter;
        }
        int world = world(counter);
        // After three rounds every block begins at the same remainder of three again.
        long rounds = HoldoutRule.EVERY * count * switchEvery;
        long whole = counter / rounds;
        long heldOut = whole * heldOutBefore(world, rounds);
        long all = whole * HoldoutRule.EVERY * switchEvery;
        long rest = counter % rounds;
        heldOut += heldOutBefore(world, rest);
        all += framesBefore(world, rest);
        return HoldoutRule.isHoldout(counter)
                ? HoldoutRule.heldOut(heldOut)
                : HoldoutRule.trained(all - heldOut);
    }

    private long heldOutBefore(int world, long counter) {
        long sum = 0;
        for (long from = world * switchEvery; from < counter; from += count * switchEvery) {
            long to = Math.min(counter, from + switchEvery);
            sum += HoldoutRule.ordinal(to) - HoldoutRule.ordinal(from);
        }
        return sum;
    }

    private long framesBefore(int world, long counter) {
        long sum = 0;
        for (long from = world * switchEvery; from < counter; from += count * switchEvery) {
            sum += Math.min(counter, from + switchEvery) - from;
        }
        return sum;
    }
}
