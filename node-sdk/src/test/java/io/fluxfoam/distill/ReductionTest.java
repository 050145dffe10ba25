package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

class ReductionTest {
    private static float[] apply(Reduction reduction, float... tensor) {
        float[] region = new float[reduction.tokens() * reduction.dim()];
        reduction.apply(MemorySegment.ofArray(tensor), MemorySegment.ofArray(region));
        return region;
    }

    private static Reduction of(Axes axes, Alignment alignment, long... shape) {
        return Reduction.of(shape, axes, alignment);
    }

    private static float[] noise(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] noise = new float[count];
        for (int i = 0; i < count; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }

    private static void assertSize(int tokens, int dim, Reduction reduction) {
        assertEquals(tokens + "x" + dim, reduction.tokens() + "x" + reduction.dim());
    }

    @Test
    void shouldLeaveRowsThatFitAsTheyLie() {
        for (Alignment alignment : Alignment.values()) {
            Reduction reduction = of(Axes.ROWS, alignment, 1, 2, 3, 2);
            assertTrue(reduction.isPlain());
            assertSize(6, 2, reduction);
            float[] tensor = noise(12, 1);
            assertArrayEquals(tensor, apply(reduction, tensor));
        }
        assertSize(50, 96, of(Axes.ROWS, Alignment.PICTURE, 50, 96));
        assertSize(1, 7, of(Axes.ROWS, Alignment.NONE, 7));
    }

    @Test
    void shouldPutChannelsLastWithoutLosingAny() {
        // two channels of two rows and three columns
        float[] map = {1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60};
        Reduction onNoGrid = of(Axes.CHW, Alignment.NONE, 2, 2, 3);
        assertFalse(onNoGrid.isPlain());
        assertSize(6, 2, onNoGrid);
        assertArrayEquals(
                new float[] {1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60}, apply(onNoGrid, map));
        Reduction onColumns = of(Axes.CHW, Alignment.PICTURE, 1, 2, 2, 3);
        assertSize(3, 4, onColumns);
        assertArrayEquals(
                new float[] {1, 10, 4, 40, 2, 20, 5, 50, 3, 30, 6, 60}, apply(onColumns, map));
        assertArrayEquals(
                apply(onColumns, map),
                apply(of(Axes.HWC, Alignment.PICTURE, 2, 3, 2), apply(onNoGrid, map)));
    }

    @Test
    void shouldAverageTheRowsOfAMapThatDoesNotFit() {
        float[] map = noise(512 * 16 * 16, 2);
        Reduction reduction = of(Axes.CHW, Alignment.PICTURE, 512, 16, 16);
        assertSize(16, 512, reduction);
        float[] region = apply(reduction, map);
        for (int column = 0; column < 16; column++) {
            for (int channel = 0; channel < 512; channel += 37) {
                double sum = 0;
                for (int row = 0; row < 16; row++) {
                    sum += map[(channel * 16 + row) * 16 + column];
                }
                assertEquals(sum / 16, region[column * 512 + channel], 1e-6);
            }
        }
    }

    @Test
    void shouldSayOneMeanOfRowsThatDoNotFitAndStandOnNoGrid() {
        float[] tokens = noise(197 * 768, 3);
        Reduction reduction = of(Axes.ROWS, Alignment.NONE, 197, 768);
        assertSize(1, 768, reduction);
        double sum = 0;
        for (int token = 0; token < 197; token++) {
            sum += tokens[token * 768 + 5];
        }
        assertEquals(sum / 197, apply(reduction, tokens)[5], 1e-6);
        assertSize(1, 1024, of(Axes.ROWS, Alignment.NONE, 2, 9000));
    }

    @Test
    void shouldResampleStepsAndKeepTheDistancesOfWideChannels() {
        Reduction reduction = of(Axes.ROWS, Alignment.SOUND, 1500, 384);
        assertSize(32, 256, reduction);
        float[] one = noise(1500 * 384, 4);
        float[] other = noise(1500 * 384, 5);
        double before = 0;
        double after = 0;
        float[] a = apply(reduction, one);
        float[] b = apply(reduction, other);
        for (int token = 0; token < 32; token++) {
            int from = token * 1500 / 32;
            int to = Math.ceilDiv((token + 1) * 1500, 32);
            for (int channel = 0; channel < 384; channel++) {
                double difference = 0;
                for (int step = from; step < to; step++) {
                    difference += one[step * 384 + channel] - other[step * 384 + channel];
                }
                before += Math.pow(difference / (to - from), 2);
            }
        }
        for (int i = 0; i < a.length; i++) {
            after += Math.pow(a[i] - b[i], 2);
        }
        assertEquals(1, after / before, .05);
        assertArrayEquals(a, apply(of(Axes.ROWS, Alignment.SOUND, 1500, 384), one));
    }

    @Test
    void shouldHideNoValueThatIsNotFinite() {
        float[] map = new float[512 * 16 * 16];
        Arrays.fill(map, 1);
        map[77_777] = Float.NaN;
        float[] region = apply(of(Axes.CHW, Alignment.PICTURE, 512, 16, 16), map);
        int spoiled = 0;
        for (float value : region) {
            spoiled += Float.isNaN(value) ? 1 : 0;
        }
        assertEquals(1, spoiled);
    }

    @Test
    void shouldRefuseMoreChannelsThanAnyModelHas() {
        IllegalArgumentException refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> of(Axes.ROWS, Alignment.NONE, 2, 500_000_000));
        assertEquals(
                "too wide to learn from: shape=[2, 500000000] axes=rows channels=500000000 of 1048576",
                refusal.getMessage());
    }

    @Test
    void shouldUseEveryFloatOfARegionOfWideChannels() {
        Reduction reduction = of(Axes.ROWS, Alignment.SOUND, 1500, 384);
        for (float value : apply(reduction, noise(1500 * 384, 6))) {
            assertTrue(value != 0);
        }
    }

    @Test
    void shouldRefuseAShapeOfNothing() {
        for (long[] shape : new long[][] {{}, {0}, {4, 0}, {0, 4}}) {
            IllegalArgumentException refusal =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> of(Axes.ROWS, Alignment.NONE, shape));
            assertEquals(
                    "no tensor to learn from: shape=" + Arrays.toString(shape),
                    refusal.getMessage());
        }
    }
}
