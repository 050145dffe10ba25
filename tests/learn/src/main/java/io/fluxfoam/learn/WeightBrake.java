package io.fluxfoam.learn;

import io.fluxfoam.student.net.ParameterGroup;
import io.fluxfoam.student.net.PixelNet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What acts on the weights themselves, beside the optimizer; this one does nothing. */
class WeightBrake {
    /** The kind that an arm asks for. */
    static WeightBrake of(ArmPlan.Brake kind, PixelNet net, double strength, long seed) {
        return switch (kind) {
            case NONE -> new WeightBrake();
            case EWC -> new ElasticWeights(net.parameters(), strength);
            case SI -> new SynapticWeights(net.parameters(), strength);
            case RENEWAL -> new RenewedUnits(net, strength, seed);
            case SHRINK -> new ShrinkingWeights(net.parameters(), strength, seed);
        };
    }

    /** The gradients are there. */
    void beforeUpdate() {}

    /** The weights have moved. */
    void afterUpdate() {}

    /**
     * Another task begins.
     *
     * @param ended moments of the one that ends
     * @param gradients computes those of one moment
     */
    void boundary(List<Glimpse> ended, SplittableRandom random, Consumer<Glimpse> gradients) {}

    /** What it takes. */
    long bytes() {
        return 0;
    }

    static float at(MemorySegment block, long index) {
        return block.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    static void set(MemorySegment block, long index, double value) {
        block.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
    }

    /** Pulls values back to where they were, each by its importance. */
    static void pull(ParameterGroup group, float[] importance, float[] anchor, double strength) {
        MemorySegment values = group.values();
        MemorySegment gradients = group.gradients();
        for (int i = 0; i < anchor.length; i++) {
            double away = at(values, i) - anchor[i];
            set(gradients, i, at(gradients, i) + strength * importance[i] * away);
        }
    }

    static void copy(MemorySegment block, float[] out) {
        MemorySegment.copy(block, ValueLayout.JAVA_FLOAT, 0, out, 0, out.length);
    }
}
