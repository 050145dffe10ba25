package io.fluxfoam.chaos;

import io.fluxfoam.liveness.FoamDirectory;
import java.util.function.BiConsumer;

/**
 * Where torments happen. Belongs to the run's thread.
 *
 * @param events takes one line for each event: node, what happened
 */
record Ground(FoamDirectory foam, Herd herd, Keeper keeper, BiConsumer<String, String> events) {}
