package io.fluxfoam.chaos.report;

import io.fluxfoam.chaos.check.LearningCurve;

/**
 * What the loop has learned with chaos, beside an undisturbed run of the same seed, when both foams
 * are as old: at the end of this run, or of the other if that was shorter.
 *
 * @param age of both foams, in seconds
 * @param undisturbed top-1 of the other run on unseen combinations of seen words; null if it had
 *     none yet
 * @param underChaos of this run
 */
public record HeldOutComparison(double age, Double undisturbed, Double underChaos) {
    public static HeldOutComparison of(LearningCurve undisturbed, LearningCurve underChaos) {
        double age = Math.min(undisturbed.end(), underChaos.end());
        return new HeldOutComparison(age, undisturbed.heldOutAt(age), underChaos.heldOutAt(age));
    }
}
