package io.fluxfoam.chaos;

import java.util.List;

/**
 * All that a run gives.
 *
 * @param windows in their order
 * @param samples for the plot
 */
record Outcome(
        ChaosReport report,
        Verdict verdict,
        List<Tempo.Window> windows,
        List<Pace.Sample> samples,
        List<Happened> happened) {
    /** A torment on the plot's time axis. */
    record Happened(double fromSeconds, double toSeconds, Torment torment) {}
}
