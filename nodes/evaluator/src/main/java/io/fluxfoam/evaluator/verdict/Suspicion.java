package io.fluxfoam.evaluator.verdict;

import io.fluxfoam.distill.VerdictCause;

/**
 * That something about a teacher may have changed.
 *
 * @param cause what it is
 * @param evidence how sure a lasting change is: 0 not at all, 1 settled
 * @param since first frame of it
 * @param score how many deviations the newest frame lies on a bad side, at most four
 */
record Suspicion(VerdictCause cause, double evidence, long since, double score) {
    static final Suspicion NONE = new Suspicion(VerdictCause.NOTHING, 0, 0, 0);

    Suspicion orSurer(Suspicion other) {
        return other.evidence > evidence ? other : this;
    }
}
