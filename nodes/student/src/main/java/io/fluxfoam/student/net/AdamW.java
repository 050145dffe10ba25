package io.fluxfoam.student.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * AdamW over the flat blocks of a group, in one pass: {@code m}, {@code v}, decay and step for each
 * value in turn.
 *
 * @param learningRate step size after the warm-up
 * @param weightDecay share of each value that a step takes away, times the learning rate
 * @param warmUpSteps updates of a group over which its learning rate grows linearly to the full one
 */
public record AdamW(double learningRate, double weightDecay, int warmUpSteps) {
    private static final double BETA1 = .9;
    private static final double BETA2 = .999;
    private static final double EPSILON = 1e-8;

    /** The settings of the packaged student. */
    public static final AdamW DEFAULT = new AdamW(2e-3, .01, 30);

    /**
     * Updates every value of the group once.
     *
     * @param gradientScale factor on the gradients; less than 1 where they were clipped
     */
    void update(ParameterGroup group, double gradientScale) {
        long step = group.step() + 1;
        double rate = learningRate * Math.min(1, step / (double) warmUpSteps);
        float stepSize = (float) (rate / (1 - Math.pow(BETA1, step)));
        float rootScale = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, step)));
        update(group, (float) gradientScale, (float) (1 - rate * weightDecay), stepSize, rootScale);
        group.step(step);
    }

    private static void update(
            ParameterGroup group, float clip, float keep, float stepSize, float rootScale) {
        MemorySegment values = group.values();
        MemorySegment gradients = group.gradients();
        MemorySegment firstMoments = group.firstMoments();
        MemorySegment secondMoments = group.secondMoments();
        long bytes = values.byteSize();
        for (long at = 0; at < bytes; at += Float.BYTES) {
            float g = gradients.get(ValueLayout.JAVA_FLOAT, at) * clip;
            float m = firstMoments.get(ValueLayout.JAVA_FLOAT, at);
            float v = secondMoments.get(ValueLayout.JAVA_FLOAT, at);
            m += (g - m) * (float) (1 - BETA1);
            v += (g * g - v) * (float) (1 - BETA2);
            float root = (float) Math.sqrt(v) * rootScale + (float) EPSILON;
            float w = values.get(ValueLayout.JAVA_FLOAT, at);
            values.set(ValueLayout.JAVA_FLOAT, at, w * keep - stepSize * m / root);
            firstMoments.set(ValueLayout.JAVA_FLOAT, at, m);
            secondMoments.set(ValueLayout.JAVA_FLOAT, at, v);
        }
    }

    /** Sum of the squares of all gradients of the group; not finite if one of them is not. */
    static double squaredNorm(ParameterGroup group) {
        MemorySegment gradients = group.gradients();
        long count = gradients.byteSize() / Float.BYTES;
        double sum = 0;
        for (long i = 0; i < count; i++) {
            double g = gradients.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            sum += g * g;
        }
        return sum;
    }
}
