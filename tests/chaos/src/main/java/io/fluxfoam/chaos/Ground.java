package io.fluxfoam.chaos;

import io.fluxfoam.liveness.FoamDirectory;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Where torments happen. Belongs to the run's thread.
 *
 * @param events takes one line for each event: node, what happened
 * @param absence how long a coordinator that is gone stays away
 * @param debts what has to be undone whatever ends the run
 * @param isOwn whether the foam goes when chaos goes, so that nobody in it has to come back then
 */
record Ground(
        FoamDirectory foam,
        Herd herd,
        Keeper keeper,
        BiConsumer<String, String> events,
        Duration absence,
        Debts debts,
        boolean isOwn) {
    static final Duration DEFAULT_ABSENCE = Duration.ofSeconds(10);
}
