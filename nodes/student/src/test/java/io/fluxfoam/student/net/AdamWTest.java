package io.fluxfoam.student.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

class AdamWTest {
    private static final int COUNT = 37;

    /**
     * The textbook rule in doubles, written as in the paper: decay apart from the step, both
     * moments bias-corrected.
     */
    @Test
    void shouldFollowTheTextbook() {
        try (Arena arena = Arena.ofConfined()) {
            AdamW rule = new AdamW(2e-3, .01, 4);
            ParameterGroup group = group(arena);
            double[] w = new double[COUNT];
            double[] m = new double[COUNT];
            double[] v = new double[COUNT];
            for (int i = 0; i < COUNT; i++) {
                w[i] = group.values().getAtIndex(ValueLayout.JAVA_FLOAT, i);
            }
            for (int step = 1; step <= 12; step++) {
                double rate = 2e-3 * Math.min(1, step / 4.0);
                for (int i = 0; i < COUNT; i++) {
                    double g = Math.sin(i * step) * (i == 5 ? 100 : .1);
                    group.gradients().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) g);
                    double clipped = g * .5;
                    m[i] = .9 * m[i] + .1 * clipped;
                    v[i] = .999 * v[i] + .001 * clipped * clipped;
                    double mean = m[i] / (1 - Math.pow(.9, step));
                    double square = v[i] / (1 - Math.pow(.999, step));
                    w[i] = w[i] * (1 - rate * .01) - rate * mean / (Math.sqrt(square) + 1e-8);
                }
                rule.update(group, .5);
            }
            assertEquals(12, group.step());
            for (int i = 0; i < COUNT; i++) {
                assertEquals(w[i], group.values().getAtIndex(ValueLayout.JAVA_FLOAT, i), 2e-6);
            }
        }
    }

    @Test
    void shouldMeasureTheGradient() {
        try (Arena arena = Arena.ofConfined()) {
            ParameterGroup group = group(arena);
            for (int i = 0; i < COUNT; i++) {
                group.gradients().setAtIndex(ValueLayout.JAVA_FLOAT, i, 2);
            }
            assertEquals(4 * COUNT, AdamW.squaredNorm(group));
            group.gradients().setAtIndex(ValueLayout.JAVA_FLOAT, 3, Float.NaN);
            assertEquals(Double.NaN, AdamW.squaredNorm(group));
        }
    }

    private static ParameterGroup group(Arena arena) {
        return new ParameterGroup.Builder("test")
                .parameter("w", Initializer.normal(1), COUNT)
                .build(arena, 1);
    }
}
