package io.fluxfoam.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.ParameterGroup;
import io.fluxfoam.student.net.PixelBatch;
import io.fluxfoam.student.net.PixelNet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

class WeightBrakeTest {
    private static final int INPUTS = 6;
    private static final int OUTPUTS = 3;

    private final Arena arena = Arena.ofConfined();
    private PixelNet net = net();
    private ParameterGroup group = net.parameters();
    private final PixelBatch batch = new PixelBatch(arena, 4, INPUTS, OUTPUTS);

    private PixelNet net() {
        return new PixelNet(arena, 1, new AdamW(1e-2, 0, 1), INPUTS, 8, OUTPUTS);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    /** Of pictures that say what an output wants. */
    private void fill(int shown) {
        batch.clear();
        for (int i = 0; i < 4; i++) {
            int row = batch.add();
            for (int pixel = 0; pixel < INPUTS; pixel++) {
                float value = (shown + i * pixel) % 5 - 2;
                batch.pixels(row).setAtIndex(ValueLayout.JAVA_FLOAT, pixel, value);
            }
            float[] target = new float[OUTPUTS];
            target[shown] = 1;
            batch.target(row, target, .25);
        }
    }

    private void step(WeightBrake brake, int shown) {
        fill(shown);
        net.gradients(batch);
        brake.beforeUpdate();
        net.update();
        brake.afterUpdate();
    }

    private float[] values() {
        return group.values().toArray(ValueLayout.JAVA_FLOAT);
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(squares);
    }

    private double movedWhenToldOf(ArmPlan.Brake kind, double strength) {
        net = net();
        group = net.parameters();
        WeightBrake brake = WeightBrake.of(kind, net, strength, 1);
        for (int i = 0; i < 5; i++) { // what is known too well has no gradients to hold it
            step(brake, 0);
        }
        Glimpse any = new Glimpse(null, 0, null, null);
        brake.boundary(
                List.of(any),
                new SplittableRandom(1),
                _ -> {
                    fill(0);
                    net.gradients(batch);
                });
        float[] then = values();
        for (int i = 0; i < 50; i++) {
            step(brake, 1);
        }
        return distance(then, values());
    }

    @Test
    void shouldHoldWeightsThatMattered() {
        double free = movedWhenToldOf(ArmPlan.Brake.NONE, 1);
        double elastic = movedWhenToldOf(ArmPlan.Brake.EWC, 1e3);
        assertTrue(elastic < .8 * free, elastic + " of " + free);
    }

    @Test
    void shouldHoldWeightsWhoseWayTookLossAway() {
        double free = movedWhenToldOf(ArmPlan.Brake.NONE, 1);
        double synaptic = movedWhenToldOf(ArmPlan.Brake.SI, 1e4);
        assertTrue(synaptic < .9 * free, synaptic + " of " + free);
    }

    @Test
    void shouldShrinkEveryWeight() {
        float[] before = values();
        WeightBrake.of(ArmPlan.Brake.SHRINK, net, 100, 1).afterUpdate();
        float[] after = values();
        double shrunk = 0;
        for (int i = 0; i < before.length; i++) {
            shrunk += after[i] * before[i] < before[i] * before[i] ? 1 : 0;
        }
        assertTrue(shrunk > before.length / 3, shrunk + " of " + before.length);
        assertNotEquals(0, distance(before, after));
    }

    /** Nothing reads a unit that began anew, and the optimizer knows nothing of it. */
    @Test
    void shouldBeginTheLeastUsefulUnitAnew() {
        RenewedUnits renewal = new RenewedUnits(net, 1_000, 1); // .1 of a mature unit at each step
        int steps = 0;
        while (renewal.renewed() == 0) {
            step(renewal, 0);
            assertTrue(steps++ < 110, "none in " + steps + " steps, of which 100 make mature");
        }
        MemorySegment readers = net.weights(1);
        int unread = 0;
        for (int unit = 0; unit < 8; unit++) {
            double read = 0;
            double momentum = 0;
            for (int output = 0; output < OUTPUTS; output++) {
                long at = output * 8L + unit;
                read += Math.abs(readers.getAtIndex(ValueLayout.JAVA_FLOAT, at));
                momentum +=
                        Math.abs(
                                group.firstMoments()
                                        .getAtIndex(ValueLayout.JAVA_FLOAT, net.offset(1) + at));
            }
            if (read == 0) {
                assertEquals(0, momentum);
                unread++;
            }
        }
        assertEquals(1, unread);
    }

    private float[] said() {
        fill(0);
        net.say(batch);
        float[] said = new float[4 * OUTPUTS];
        for (int row = 0; row < 4; row++) {
            float[] own = new float[OUTPUTS];
            batch.outputs(row, own);
            System.arraycopy(own, 0, said, row * OUTPUTS, OUTPUTS);
        }
        return said;
    }

    /** One that nobody hears is the least useful; with it not a bit of what is said is lost. */
    @Test
    void shouldSayTheSameWhenASilentUnitBeginsAnew() {
        MemorySegment weights = net.weights(0);
        int silent = 5;
        for (long i = 0; i < INPUTS; i++) {
            weights.setAtIndex(ValueLayout.JAVA_FLOAT, silent * INPUTS + i, 0);
        }
        RenewedUnits renewal = new RenewedUnits(net, 1_000, 1);
        fill(0);
        net.gradients(batch); // it is shown what they make; nothing is learned
        float[] before = said();
        for (int step = 0; renewal.renewed() == 0; step++) {
            renewal.afterUpdate();
            assertTrue(step < 110);
        }
        assertArrayEquals(before, said());
        double made = 0;
        for (long i = 0; i < INPUTS; i++) {
            made += Math.abs(weights.getAtIndex(ValueLayout.JAVA_FLOAT, silent * INPUTS + i));
        }
        assertTrue(made > 0, "it is the silent one that has new weights");
        while (renewal.renewed() < 2) {
            renewal.afterUpdate();
        }
        assertNotEquals(before[0], said()[0], "another, since that one is too young");
    }
}
