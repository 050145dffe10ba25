package io.fluxfoam.learn;

import io.fluxfoam.student.net.ParameterGroup;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Shrink and perturb: at each step a little less of every weight, and a little noise. */
final class ShrinkingWeights extends WeightBrake {
    private static final double SHRINK = 1e-4;
    private static final double NOISE = 1e-4;

    private final ParameterGroup group;
    private final double strength;
    private final RandomGenerator random;

    ShrinkingWeights(ParameterGroup group, double strength, long seed) {
        this.group = group;
        this.strength = strength;
        random = new SplittableRandom(seed + 3);
    }

    @Override
    void afterUpdate() {
        double left = 1 - strength * SHRINK;
        for (long i = 0; i < group.parameterCount(); i++) {
            double noise = strength * NOISE * random.nextGaussian();
            set(group.values(), i, left * at(group.values(), i) + noise);
        }
    }
}
