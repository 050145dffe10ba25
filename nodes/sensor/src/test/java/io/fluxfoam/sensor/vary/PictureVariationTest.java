package io.fluxfoam.sensor.vary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

class PictureVariationTest {
    private static final int SAMPLES = FrameShape.MIN_SOUND_SAMPLES;
    private static final FrameShape SHAPE = new FrameShape(96, 128, SAMPLES);
    private static final int SIDE = 64;
    private static final int[] WHITE = {255, 255, 255};
    private static final int[] BLACK = {0, 0, 0};
    private static final int[] RED = {255, 0, 0};
    private static final int[] BLUE = {0, 0, 255};

    @ParameterizedTest
    @CsvSource({"128,96", "320,96", "47,33", "640,480"})
    void shouldBeAPureFunctionOfTheRandomNumbers(int width, int height) {
        FrameShape shape = new FrameShape(height, width, SAMPLES);
        PictureVariation used = variation(shape, true);
        Sprite thing = thing(SIDE, SIDE, false, RED, BLUE);
        Set<Integer> different = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            byte[] once = draw(used, thing, seed, shape, (byte) 0);
            byte[] again = draw(variation(shape, true), thing, seed, shape, (byte) 255);
            assertArrayEquals(once, again, "every byte is written, seed=" + seed);
            different.add(Arrays.hashCode(once));
        }
        assertEquals(20, different.size());
    }

    @Test
    void shouldPlaceAndScaleAThingInsideTheFrame() {
        DoubleSummaryStatistics size = new DoubleSummaryStatistics();
        DoubleSummaryStatistics x = new DoubleSummaryStatistics();
        DoubleSummaryStatistics y = new DoubleSummaryStatistics();
        for (int seed = 0; seed < 300; seed++) {
            Mask mask = mask(SHAPE, false, SIDE, SIDE, seed);
            size.accept(Math.sqrt(mask.area) / SHAPE.height());
            x.accept(mask.x);
            y.accept(mask.y);
        }
        assertTrue(size.getMin() > .46 && size.getMin() < .53, "least size " + size);
        assertTrue(size.getMax() > .88 && size.getMax() < .97, "largest size " + size);
        assertEquals(.72, size.getAverage(), .03);
        assertTrue(x.getMin() < 30 && x.getMax() > 98, "places " + x);
        assertEquals(64, x.getAverage(), 4);
        assertTrue(y.getMin() < 30 && y.getMax() > 66, "places " + y);
        assertEquals(48, y.getAverage(), 3);
    }

    @Test
    void shouldFillTheFrameWithAPhotographMoreOrLess() {
        FrameShape wide = new FrameShape(96, 320, SAMPLES);
        for (FrameShape shape : new FrameShape[] {SHAPE, wide}) {
            DoubleSummaryStatistics covered = new DoubleSummaryStatistics();
            for (int seed = 0; seed < 100; seed++) {
                Mask mask = mask(shape, true, 80, 60, seed);
                covered.accept(mask.area / ((double) shape.height() * shape.width()));
            }
            // The wide frame has room for two of it: to fill it would show a band of the middle.
            assertTrue(covered.getMin() > (shape == wide ? .15 : .4), shape + " " + covered);
            assertTrue(covered.getMax() > (shape == wide ? .5 : .98), shape + " " + covered);
        }
    }

    @Test
    void shouldMirrorHalfOfTheThingsIfAsked() {
        Sprite thing = thing(SIDE, SIDE, false, RED, BLUE);
        int mirrored = 0;
        for (int seed = 0; seed < 200; seed++) {
            assertFalse(isRedRight(thing, false, seed), "seed=" + seed);
            mirrored += isRedRight(thing, true, seed) ? 1 : 0;
        }
        assertEquals(100, mirrored, 30);
    }

    /** Where there is more red than blue is where the thing's left is, in whatever light. */
    private static boolean isRedRight(Sprite thing, boolean mirrored, long seed) {
        PictureVariation variation = variation(SHAPE, mirrored);
        byte[] as = draw(variation, thing, seed, SHAPE, (byte) 0);
        byte[] black =
                draw(variation, thing(SIDE, SIDE, false, BLACK, BLACK), seed, SHAPE, (byte) 0);
        double sum = 0;
        double middle = mask(SHAPE, false, SIDE, SIDE, seed, mirrored).x;
        for (int i = 0; i < as.length; i += 3) {
            double red = (as[i] & 0xFF) - (black[i] & 0xFF);
            double blue = (as[i + 2] & 0xFF) - (black[i + 2] & 0xFF);
            sum += (red - blue) * (i / 3 % SHAPE.width() - middle);
        }
        return sum > 0;
    }

    @Test
    void shouldVaryLightTintAndNoise() {
        DoubleSummaryStatistics light = new DoubleSummaryStatistics();
        DoubleSummaryStatistics tint = new DoubleSummaryStatistics();
        DoubleSummaryStatistics noise = new DoubleSummaryStatistics();
        int[] grey = {128, 128, 128};
        Sprite thing = thing(SIDE, SIDE, false, grey, grey);
        for (int seed = 0; seed < 200; seed++) {
            byte[] picture = draw(variation(SHAPE, false), thing, seed, SHAPE, (byte) 0);
            Mask mask = mask(SHAPE, false, SIDE, SIDE, seed);
            double[] sums = new double[3];
            double square = 0;
            int count = 0;
            for (int y = (int) mask.y - 12; y < (int) mask.y + 12; y++) {
                for (int x = (int) mask.x - 12; x < (int) mask.x + 12; x++) {
                    for (int c = 0; c < 3; c++) {
                        int value = picture[(y * SHAPE.width() + x) * 3 + c] & 0xFF;
                        sums[c] += value;
                        square += c == 0 ? value * value : 0;
                    }
                    count++;
                }
            }
            double mean = sums[0] / count;
            light.accept((sums[0] + sums[1] + sums[2]) / 3 / count);
            tint.accept(sums[0] / sums[2]);
            noise.accept(Math.sqrt(square / count - mean * mean));
        }
        assertTrue(light.getMin() < 100 && light.getMax() > 156, "light " + light);
        assertTrue(tint.getMin() < .8 && tint.getMax() > 1.25, "tint " + tint);
        assertTrue(noise.getMin() < 2 && noise.getMax() > 12, "noise " + noise);
    }

    /** Where a white thing and a black one differ that are otherwise drawn alike. */
    private record Mask(double area, double x, double y) {}

    private static Mask mask(FrameShape shape, boolean opaque, int width, int height, long seed) {
        return mask(shape, opaque, width, height, seed, false);
    }

    private static Mask mask(
            FrameShape shape, boolean opaque, int width, int height, long seed, boolean mirrored) {
        PictureVariation variation = variation(shape, mirrored);
        Sprite white = thing(width, height, opaque, WHITE, WHITE);
        Sprite black = thing(width, height, opaque, BLACK, BLACK);
        byte[] light = draw(variation, white, seed, shape, (byte) 0);
        byte[] dark = draw(variation, black, seed, shape, (byte) 0);
        double area = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < light.length; i += 3) {
            if ((light[i] & 0xFF) - (dark[i] & 0xFF) > 60) {
                area++;
                x += i / 3 % shape.width();
                y += i / 3 / shape.width();
            }
        }
        assertTrue(area > 0, "nothing drawn at seed=" + seed);
        return new Mask(area, x / area, y / area);
    }

    private static PictureVariation variation(FrameShape shape, boolean mirrored) {
        return new PictureVariation(shape, VariationStrength.STRONG, mirrored);
    }

    /**
     * The left half of one colour, the right half of the other; one pixel makes it no photograph.
     */
    private static Sprite thing(int width, int height, boolean opaque, int[] left, int[] right) {
        byte[] rgba = new byte[width * height * Sprite.PIXEL_BYTES];
        for (int i = 0; i < width * height; i++) {
            int[] colour = i % width < width / 2 ? left : right;
            for (int c = 0; c < 3; c++) {
                rgba[i * Sprite.PIXEL_BYTES + c] = (byte) colour[c];
            }
            rgba[i * Sprite.PIXEL_BYTES + 3] = (byte) 255;
        }
        if (!opaque) {
            Arrays.fill(rgba, 0, Sprite.PIXEL_BYTES, (byte) 0);
        }
        return new Sprite(width, height, rgba);
    }

    private static byte[] draw(
            PictureVariation variation, Sprite thing, long seed, FrameShape shape, byte before) {
        byte[] picture = new byte[shape.pictureBytes()];
        Arrays.fill(picture, before);
        variation.draw(thing, new SplittableRandom(seed), MemorySegment.ofArray(picture));
        return picture;
    }
}
