package io.fluxfoam.evaluator.verdict;

import io.fluxfoam.distill.VerdictCause;

import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What is measured of a teacher, each by itself, and which change of it is a bad sign. */
public enum Meter {
    /** Log of the mean squared distance between the student's prediction and the teacher. */
    RESIDUAL(VerdictCause.RESIDUAL, 1, true, false),

    /** Of a pair of teachers, see {@link Agreement}. */
    AGREEMENT(VerdictCause.AGREEMENT, 1, false, true),

    /** Log of the mean square of its values. */
    SCALE(VerdictCause.SCALE, 1, true, true),

    /** Log of the mean squared distance from what it said of the frame before. */
    CHANGE(VerdictCause.CHANGE, 1, false, true),

    /** Log of the mean square of its mean over some frames, which is small while nothing drifts. */
    DRIFT(VerdictCause.DRIFT, 16, true, false),

    /** Log of how many directions its values of some frames fill. */
    RANK(VerdictCause.RANK, 32, false, true);

    private final VerdictCause cause;
    private final int frames;
    private final boolean mayNotRise;
    private final boolean mayNotFall;

    Meter(VerdictCause cause, int frames, boolean mayNotRise, boolean mayNotFall) {
        this.cause = cause;
        this.frames = frames;
        this.mayNotRise = mayNotRise;
        this.mayNotFall = mayNotFall;
    }

    /** All of them. */
    public static Set<Meter> all() {
        return Collections.unmodifiableSet(EnumSet.allOf(Meter.class));
    }

    /** A set of them as bits, the first one lowest. */
    static int bits(Set<Meter> meters) {
        return meters.stream().mapToInt(meter -> 1 << meter.ordinal()).sum();
    }

    /**
     * The set that has these bits.
     *
     * @throws IOException if there is none
     */
    static Set<Meter> of(int bits) throws IOException {
        EnumSet<Meter> meters = EnumSet.allOf(Meter.class);
        meters.removeIf(meter -> (bits & 1 << meter.ordinal()) == 0);
        if (bits(meters) != bits || meters.isEmpty()) {
            throw new IOException("meters=" + bits);
        }
        return meters;
    }

    /** What a verdict then rests on. */
    VerdictCause cause() {
        return cause;
    }

    /** How many frames make one value of it. */
    int frames() {
        return frames;
    }

    boolean mayNotRise() {
        return mayNotRise;
    }

    boolean mayNotFall() {
        return mayNotFall;
    }
}
