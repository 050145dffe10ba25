package io.fluxfoam.chaos;

/**
 * What the loop has learned with chaos, beside an undisturbed run of the same seed, when both foams are as old: at the end of this
 * run, or of the other if that was shorter.
 *
 * @param age of both foams, in seconds
 * @param undisturbed top-1 of the other run on unseen combinations of seen words; null if it had none yet
 * @param underChaos of this run
 */
record HeldOut(double age, Double undisturbed, Double underChaos) {
    static HeldOut of(Curve undisturbed, Curve underChaos) {
        double age = Math.min(undisturbed.end(), underChaos.end());
        return new HeldOut(age, undisturbed.heldOutAt(age), underChaos.heldOutAt(age));
    }
}
