package io.fluxfoam.learn;

import io.fluxfoam.student.net.ParameterGroup;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** EWC: a weight is held by the squared gradients of what its task's moments asked of it. */
final class ElasticWeights extends WeightBrake {
    private static final int SAMPLES = 200;

    private final ParameterGroup group;
    private final double strength;
    private final float[] importance;
    private final float[] anchor;
    private boolean holds;

    ElasticWeights(ParameterGroup group, double strength) {
        this.group = group;
        this.strength = strength;
        importance = new float[(int) group.parameterCount()];
        anchor = new float[importance.length];
    }

    @Override
    void beforeUpdate() {
        if (holds) {
            pull(group, importance, anchor, strength);
        }
    }

    @Override
    void boundary(List<Glimpse> ended, SplittableRandom random, Consumer<Glimpse> gradients) {
        for (int sample = 0; sample < SAMPLES; sample++) {
            gradients.accept(ended.get(random.nextInt(ended.size())));
            for (int i = 0; i < importance.length; i++) {
                float gradient = at(group.gradients(), i);
                importance[i] += gradient * gradient / SAMPLES;
            }
        }
        copy(group.values(), anchor);
        holds = true;
    }

    @Override
    long bytes() {
        return 2L * importance.length * Float.BYTES;
    }
}
