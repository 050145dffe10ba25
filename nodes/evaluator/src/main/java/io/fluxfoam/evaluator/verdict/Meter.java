package io.fluxfoam.evaluator.verdict;

import io.fluxfoam.distill.VerdictCause;

/** What is measured of a teacher, each by itself, and which change of it is a bad sign. */
enum Meter {
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
