package io.fluxfoam.evaluator.verdict;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Finds a lasting change of one meter: a cumulative sum (CUSUM; Page, Biometrika 41, 1954) of how
 * many deviations each value lies beyond the median of those before. The newest values become part
 * of what is usual only after a while in which nothing was suspected, so that what is being found
 * is not taken for usual. Median and deviation are robust ones: some odd values change little.
 */
final class ShiftDetector {
    private static final int REFERENCE = 512;
    private static final int NEWEST = 256; // a student that learns is nearer soon
    private static final int PENDING = 128;
    private static final int REFRESH_EVERY = 8;
    private static final int ENOUGH_FOR_RARE = 256;

    /** Share of the usual values that are rare, at the upper end. */
    private static final double RARE = .01;

    /** What a value may lie off without any sum growing, in deviations. */
    private static final double ALLOWANCE = 1;

    /** One value does not count for more than this. */
    private static final double MOST = 4;

    /** The sum that settles it: seven values of the farthest kind, or twenty of two deviations. */
    private static final double DECISION = 20;

    private static final double LEAST_DEVIATION = .02;
    private static final double NORMAL = 1.4826; // standard deviation over median deviation

    private final Meter meter;
    private final double[] reference = new double[REFERENCE];
    private final ArrayDeque<Double> pending = new ArrayDeque<>();
    private int admitted;
    private double median;
    private double deviationAbove;
    private double deviationBelow;
    private double rareFrom = Double.POSITIVE_INFINITY;
    private double risen;
    private double fallen;
    private long risenSince;
    private long fallenSince;
    private double score;
    private boolean isRare;

    ShiftDetector(Meter meter) {
        this.meter = meter;
    }

    /** Whether enough was seen to say what is usual. */
    boolean ready() {
        return admitted >= leastReference();
    }

    private int leastReference() {
        return Math.max(24, 128 / meter.frames());
    }

    /** A frame of which there is no value. */
    void skip() {
        score = 0;
        isRare = false;
    }

    /**
     * Takes the value of a frame.
     *
     * @param isTrusted whether it may become part of what is usual
     */
    void feed(long frame, double value, boolean isTrusted) {
        skip();
        if (ready()) {
            isRare = value > rareFrom;
            double deviation = value > median ? deviationAbove : deviationBelow;
            double off = Math.clamp((value - median) / deviation, -MOST, MOST);
            risen = meter.mayNotRise() ? Math.max(0, risen + off - ALLOWANCE) : 0;
            fallen = meter.mayNotFall() ? Math.max(0, fallen - off - ALLOWANCE) : 0;
            risenSince = risen == 0 ? frame + 1 : risenSince;
            fallenSince = fallen == 0 ? frame + 1 : fallenSince;
            score = Math.max(meter.mayNotRise() ? off : -MOST, meter.mayNotFall() ? -off : -MOST);
        }
        if (isTrusted && evidence() < .5) {
            pending.addLast(value);
            if (!ready() || pending.size() > Math.max(2, PENDING / meter.frames())) {
                admit(pending.removeFirst());
            }
        }
    }

    private void admit(double value) {
        reference[admitted % REFERENCE] = value;
        admitted++;
        if (admitted == leastReference() || admitted % REFRESH_EVERY == 0) {
            refresh();
        }
    }

    private void refresh() {
        if (ready()) {
            double[] all = Arrays.copyOf(reference, Math.min(admitted, REFERENCE));
            Arrays.sort(all);
            rareFrom =
                    all.length < ENOUGH_FOR_RARE
                            ? Double.POSITIVE_INFINITY
                            : all[(int) ((1 - RARE) * all.length)];
            double[] sorted = newest(Math.min(admitted, NEWEST));
            Arrays.sort(sorted);
            int half = sorted.length / 2;
            median = sorted[half];
            deviationAbove = deviation(sorted, half, sorted.length);
            deviationBelow = deviation(sorted, 0, half);
        }
    }

    private double[] newest(int count) {
        double[] newest = new double[count];
        for (int i = 0; i < count; i++) {
            newest[i] = reference[(admitted - 1 - i) % REFERENCE];
        }
        return newest;
    }

    /** From the median, of the sorted values on one side of it: what is usual may be skewed. */
    private double deviation(double[] sorted, int from, int to) {
        double middle = sorted[(from + to) / 2];
        return Math.max(LEAST_DEVIATION, NORMAL * Math.abs(middle - median));
    }

    /** How sure a lasting change is: 0 not at all, 1 and more settled. */
    private double evidence() {
        return Math.max(risen, fallen) / DECISION;
    }

    /** What is suspected. */
    Suspicion suspicion() {
        long since = risen >= fallen ? risenSince : fallenSince;
        return new Suspicion(meter.cause(), evidence(), since, score);
    }

    /** Whether the newest value is as large as one in a hundred of the usual ones. */
    boolean rare() {
        return isRare;
    }

    /** Forgets what was suspected. */
    void clear() {
        risen = 0;
        fallen = 0;
    }

    /** What is suspected is usual now: what was before is forgotten. */
    void accept() {
        if (evidence() > 0) {
            clear();
            pending.clear();
            admitted = 0;
            rareFrom = Double.POSITIVE_INFINITY;
            skip();
        }
    }

    /** Writes what is usual: i32 how many values of it, then each as f64. */
    void writeTo(DataOutput out) throws IOException {
        int count = Math.min(admitted, REFERENCE);
        out.writeInt(count);
        for (int i = 0; i < count; i++) {
            out.writeDouble(reference[i]);
        }
    }

    /**
     * Takes over what {@link #writeTo} wrote.
     *
     * @throws IOException if it cannot have been
     */
    void readFrom(DataInput in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > REFERENCE) {
            throw new IOException("values=" + count + " limit=" + REFERENCE);
        }
        for (admitted = 0; admitted < count; admitted++) {
            reference[admitted] = in.readDouble();
            if (!Double.isFinite(reference[admitted])) {
                throw new IOException("value=" + reference[admitted]);
            }
        }
        refresh();
    }
}
