package io.fluxfoam.learn;

import io.fluxfoam.student.net.ParameterGroup;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** SI: a weight is held by how much of the loss its way has taken away. */
final class SynapticWeights extends WeightBrake {
    private static final double DAMPING = .1;

    private final ParameterGroup group;
    private final double strength;
    private final float[] importance;
    private final float[] way;
    private final float[] anchor;
    private final float[] gradient;
    private final float[] before;
    private boolean holds;

    SynapticWeights(ParameterGroup group, double strength) {
        this.group = group;
        this.strength = strength;
        int count = (int) group.parameterCount();
        importance = new float[count];
        way = new float[count];
        anchor = new float[count];
        gradient = new float[count];
        before = new float[count];
        copy(group.values(), anchor);
    }

    @Override
    void beforeUpdate() {
        copy(group.gradients(), gradient);
        copy(group.values(), before);
        if (holds) {
            pull(group, importance, anchor, strength);
        }
    }

    @Override
    void afterUpdate() {
        for (int i = 0; i < way.length; i++) {
            way[i] -= gradient[i] * (at(group.values(), i) - before[i]);
        }
    }

    @Override
    void boundary(List<Glimpse> ended, SplittableRandom random, Consumer<Glimpse> gradients) {
        for (int i = 0; i < way.length; i++) {
            double moved = at(group.values(), i) - anchor[i];
            importance[i] += (float) (Math.max(0, way[i]) / (moved * moved + DAMPING));
        }
        Arrays.fill(way, 0);
        copy(group.values(), anchor);
        holds = true;
    }

    @Override
    long bytes() {
        return 3L * importance.length * Float.BYTES;
    }
}
