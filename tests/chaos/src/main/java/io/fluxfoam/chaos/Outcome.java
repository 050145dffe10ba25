package io.fluxfoam.chaos;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that a run gives.
 *
 * @param tempo figures of its windows
 * @param curve how the loop got on
 * @param undisturbed the same of another run, to compare with
 * @param ageAtStart of the foam, in seconds, when the run began
 * @param happened for the plot
 * @param uncheckable streams without checksums, of which chaos cannot tell whether they are torn
 */
record Outcome(
        ChaosReport report,
        Verdict verdict,
        Tempo tempo,
        Curve curve,
        Optional<Curve> undisturbed,
        double ageAtStart,
        List<Happened> happened,
        Set<String> uncheckable) {
    /** A torment on the plot's time axis. */
    record Happened(double fromSeconds, double toSeconds, Torment torment) {}

    /** With chaos beside without, at the same age of both foams. */
    Optional<HeldOut> heldOut() {
        return undisturbed.map(other -> HeldOut.of(other, curve));
    }
}
