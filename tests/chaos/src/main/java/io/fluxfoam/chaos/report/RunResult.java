package io.fluxfoam.chaos.report;

import io.fluxfoam.chaos.check.LearningCurve;
import io.fluxfoam.chaos.check.WindowFigures;
import io.fluxfoam.chaos.plan.ScheduledFault;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that a run gives.
 *
 * @param figures those of its windows
 * @param curve how the loop got on
 * @param undisturbed the same of another run, to compare with
 * @param ageAtStart of the foam, in seconds, when the run began
 * @param happened for the plot
 * @param uncheckable streams without checksums, of which chaos cannot tell whether they are torn
 */
public record RunResult(
        ChaosReport report,
        Verdict verdict,
        WindowFigures figures,
        LearningCurve curve,
        Optional<LearningCurve> undisturbed,
        double ageAtStart,
        List<Happened> happened,
        Set<String> uncheckable) {
    /** A fault on the plot's time axis. */
    public record Happened(double fromSeconds, double toSeconds, ScheduledFault fault) {}

    /** With chaos beside without, at the same age of both foams. */
    Optional<HeldOutComparison> heldOut() {
        return undisturbed.map(other -> HeldOutComparison.of(other, curve));
    }
}
