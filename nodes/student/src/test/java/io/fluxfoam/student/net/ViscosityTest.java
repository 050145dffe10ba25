package io.fluxfoam.student.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.student.net.Viscosity.Mode;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

class ViscosityTest {
    private static final int COUNT = 12;
    private static final double RATE = 1e-2;

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void free() {
        arena.close();
    }

    private ParameterGroup group() {
        return new ParameterGroup.Builder("test")
                .parameter("w", Initializer.normal(1), 3, COUNT / 3)
                .parameter("gain", Initializer.constant(1), 1)
                .build(arena, 1);
    }

    private static AdamW rule(Viscosity viscosity) {
        return new AdamW(RATE, 0, 1, viscosity);
    }

    private static float[] floats(MemorySegment block) {
        return block.toArray(ValueLayout.JAVA_FLOAT);
    }

    private static void push(AdamW rule, ParameterGroup group, Random random, double scale) {
        for (int i = 0; i <= COUNT; i++) {
            float gradient = (float) (scale * random.nextGaussian());
            group.gradients().setAtIndex(ValueLayout.JAVA_FLOAT, i, gradient);
        }
        rule.update(group, 1);
    }

    private static float at(ParameterGroup group, int memory) {
        return group.frictionBlock().getAtIndex(ValueLayout.JAVA_FLOAT, memory * (COUNT + 1L));
    }

    /** Full steps, whatever the moments say. */
    private static void steps(Viscosity rule, ParameterGroup group, int count, double pull) {
        for (int i = 0; i < count; i++) {
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                var all = group.flatValues().mul(new Scalar(0));
                rule.move(group, all.add_(new Scalar(pull)), RATE, 0);
            }
        }
    }

    /** V1. Adam's steps seldom exceed 1, so what is clipped is little. */
    @Test
    void shouldBeAdamWWithoutResistance() {
        ParameterGroup plain = group();
        ParameterGroup viscous = group();
        for (int i = 0; i < 60; i++) {
            double scale = 1 - i / 100.0; // shrinking gradients: no step above 1
            push(rule(Viscosity.OFF), plain, new Random(3), scale);
            push(rule(Viscosity.v2(0, 2e-3, false)), viscous, new Random(3), scale);
        }
        assertArrayEquals(floats(plain.values()), floats(viscous.values()), 1e-6f);
    }

    /** V2. */
    @Test
    void shouldKeepItsBounds() {
        for (Viscosity rule :
                new Viscosity[] {Viscosity.v2(30, .1, true), Viscosity.literal(1, 10, true)}) {
            ParameterGroup group = group();
            Random random = new Random(5);
            for (int i = 0; i < 300; i++) {
                float[] before = floats(group.values());
                push(rule(rule), group, random, random.nextInt(20) == 0 ? 1e4 : 1);
                float[] after = floats(group.values());
                for (int k = 0; k <= COUNT; k++) {
                    assertTrue(Math.abs(after[k] - before[k]) <= RATE * 1.001);
                }
                float[] state = floats(group.frictionBlock());
                for (int k = 0; k < state.length; k++) {
                    double most = k < 2 * (COUNT + 1) ? rule.capacity() : 1;
                    assertTrue(state[k] >= 0 && state[k] <= most, "state[" + k + "]=" + state[k]);
                }
            }
        }
    }

    /** V3. */
    @Test
    void shouldYieldToAPushThatGoesOn() {
        Viscosity rule = Viscosity.v2(30, .1, false);
        ParameterGroup group = group();
        steps(rule, group, 20, 1); // down, until that memory is full
        assertEquals(1, at(group, 1));
        steps(rule, group, (int) Math.ceil(1 / rule.transfer()), -1);
        assertEquals(0, at(group, 1), 1e-6);
        float before = group.values().get(ValueLayout.JAVA_FLOAT, 0);
        steps(rule, group, 1, -1);
        assertEquals(RATE, group.values().get(ValueLayout.JAVA_FLOAT, 0) - before, 1e-5);
    }

    /** V4; gains and biases do not resist. */
    @Test
    void shouldResistByWhatItRemembers() {
        Viscosity rule = Viscosity.v2(30, 2e-3, false);
        ParameterGroup group = group();
        steps(rule, group, 100, 1);
        float[] before = floats(group.values());
        steps(rule, group, 1, -1);
        float[] after = floats(group.values());
        assertEquals(RATE / (1 + 30 * 100 * 2e-3), after[0] - before[0], 1e-6);
        assertEquals(RATE, after[COUNT] - before[COUNT], 1e-6);
    }

    /** The literal rule gives all back at the first flip, and gains on a run alone. */
    @Test
    void shouldRememberOnlyTheNewestRunLiterally() {
        Viscosity rule = Viscosity.literal(1, 10, false);
        ParameterGroup group = group();
        steps(rule, group, 4, 1);
        assertEquals(4, at(group, 1), 1e-6);
        float before = group.values().get(ValueLayout.JAVA_FLOAT, 0);
        steps(rule, group, 1, -1);
        assertEquals(RATE / 5, group.values().get(ValueLayout.JAVA_FLOAT, 0) - before, 1e-6);
        assertEquals(3, at(group, 1), 1e-6);
        assertEquals(1, at(group, 0), 1e-6);
    }

    /** V5: known bias of what was pushed one way, kept bounded. */
    @Test
    void shouldDriftLittleInNoise() {
        Viscosity rule = Viscosity.v2(30, 2e-3, false);
        ParameterGroup group = group();
        steps(rule, group, 500, 1);
        float start = group.values().get(ValueLayout.JAVA_FLOAT, 0);
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            steps(rule, group, 1, random.nextGaussian() * .3);
        }
        float end = group.values().get(ValueLayout.JAVA_FLOAT, 0);
        assertTrue(Math.abs(end - start) <= 50 * RATE, "drift=" + (end - start) / RATE);
    }

    /** V7: units of the loss do not matter. */
    @Test
    void shouldNotDependOnTheScaleOfTheLoss() {
        ParameterGroup small = group();
        ParameterGroup large = group();
        Random one = new Random(9);
        Random other = new Random(9);
        AdamW rule = rule(Viscosity.v2(30, .05, true));
        for (int i = 0; i < 100; i++) {
            push(rule, small, one, 1);
            push(rule, large, other, 1e4);
        }
        assertArrayEquals(floats(small.values()), floats(large.values()), 1e-4f);
    }

    @Test
    void shouldCoolWhatIsNotPushed() {
        ParameterGroup group = group();
        Viscosity rule = new Viscosity(Mode.V2, 0, 2e-3, 6e-4, 1, true);
        steps(rule, group, 1_000, .1);
        assertEquals(Math.pow(1 - 1e-4, 1_000), at(group, 2), 1e-3);
        steps(rule, group, 1_000, 1);
        assertTrue(at(group, 2) > .97, "temperature=" + at(group, 2));
    }

    @Test
    void shouldGoOnResistingInAWiderLayer() {
        ParameterGroup narrow = layer(2, 3);
        ParameterGroup wide = layer(3, 5);
        narrow.resist();
        for (int i = 0; i < 3 * 6; i++) {
            narrow.frictionBlock().setAtIndex(ValueLayout.JAVA_FLOAT, i, .1f + i);
        }
        wide.takeOver(narrow);
        float[] state = floats(wide.frictionBlock());
        for (int memory = 0; memory < 3; memory++) {
            for (int k = 0; k < 15; k++) {
                boolean isOld = k / 5 < 2 && k % 5 < 3;
                float born = memory == 2 ? 1 : 0;
                float old = .1f + memory * 6 + k / 5 * 3 + k % 5;
                assertEquals(isOld ? old : born, state[memory * 15 + k]);
            }
        }
    }

    private ParameterGroup layer(int outputs, int inputs) {
        return new ParameterGroup.Builder("layer")
                .parameter("w", Initializer.normal(1), outputs, inputs)
                .build(arena, 1);
    }
}
