package io.fluxfoam.chaos.process;

import io.fluxfoam.liveness.FoamDirectory;

import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Where faults happen. Belongs to the run's thread.
 *
 * @param events takes one line for each event: node, what happened
 * @param absence how long a coordinator that is gone stays away
 * @param cleanup what has to be undone whatever ends the run
 * @param isOwn whether the foam goes when chaos goes, so that nobody in it has to come back then
 */
public record FoamUnderTest(
        FoamDirectory foam,
        NodeTracker nodes,
        Restarter restarter,
        BiConsumer<String, String> events,
        Duration absence,
        CleanupStack cleanup,
        boolean isOwn) {
    static final Duration DEFAULT_ABSENCE = Duration.ofSeconds(10);

    /** Name under which chaos joins a foam. */
    public static final String OBSERVER = "chaos";
}
