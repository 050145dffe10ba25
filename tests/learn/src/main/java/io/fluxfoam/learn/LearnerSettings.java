package io.fluxfoam.learn;

/**
 * What all arms have alike, and what was chosen for this one.
 *
 * @param seed of its weights and draws
 * @param learningRate of the optimizer
 * @param strength of what only this arm has
 * @param memoryBytes what its memory may take
 * @param chunk newest moments of a step
 * @param replayed moments of a step from the memory
 */
record LearnerSettings(
        long seed,
        double learningRate,
        double strength,
        long memoryBytes,
        int chunk,
        int replayed) {}
