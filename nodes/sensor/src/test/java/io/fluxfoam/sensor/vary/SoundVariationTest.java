package io.fluxfoam.sensor.vary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

class SoundVariationTest {
    private static final int SIDE = FrameShape.MIN_SIDE;
    private static final FrameShape SHAPE =
            new FrameShape(SIDE, SIDE, FrameShape.STANDARD_SOUND_SAMPLES);
    private static final int TONE_HZ = 440;
    private static final int BLOCK = 160;

    @ParameterizedTest
    @ValueSource(ints = {8_000, 40_960, 160_000})
    void shouldBeAPureFunctionOfTheRandomNumbers(int window) {
        FrameShape shape = new FrameShape(SIDE, SIDE, window);
        SoundVariation used = new SoundVariation(shape, VariationStrength.STRONG);
        float[] tone = tone(12_000);
        Set<Integer> different = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            float[] once = play(used, tone, seed, window);
            SoundVariation other = new SoundVariation(shape, VariationStrength.STRONG);
            assertArrayEquals(once, play(other, tone, seed, window), "seed=" + seed);
            for (float value : once) {
                assertTrue(value >= -1 && value <= 1, "value " + value);
            }
            different.add(Arrays.hashCode(once));
        }
        assertEquals(20, different.size());
    }

    @Test
    void shouldVaryDurationPitchGainAndPlace() {
        SoundVariation variation = new SoundVariation(SHAPE, VariationStrength.STRONG);
        DoubleSummaryStatistics duration = new DoubleSummaryStatistics();
        DoubleSummaryStatistics pitch = new DoubleSummaryStatistics();
        DoubleSummaryStatistics peak = new DoubleSummaryStatistics();
        DoubleSummaryStatistics onset = new DoubleSummaryStatistics();
        int count = 16_000;
        for (int seed = 0; seed < 150; seed++) {
            float[] heard = play(variation, tone(count), seed, SHAPE.soundSamples());
            double[] loud = new double[heard.length / BLOCK];
            for (int i = 0; i < loud.length; i++) {
                loud[i] = loudness(heard, i * BLOCK, (i + 1) * BLOCK);
            }
            double loudest = Arrays.stream(loud).max().orElseThrow();
            int first = edge(loud, loudest / 2, 0, 1) * BLOCK;
            int last = (edge(loud, loudest / 2, loud.length - 1, -1) + 1) * BLOCK;
            duration.accept((double) (last - first) / count);
            pitch.accept(hz(heard, first + 2000, last - 2000));
            peak.accept(loudest * Math.sqrt(2));
            onset.accept(first);
        }
        assertEquals(.82, duration.getMin(), .04);
        assertEquals(1.18, duration.getMax(), .04);
        assertEquals(TONE_HZ / 1.155, pitch.getMin(), 12);
        assertEquals(TONE_HZ * 1.155, pitch.getMax(), 12);
        assertTrue(peak.getMin() < .25 && peak.getMax() > .75, "peak " + peak);
        assertTrue(onset.getMin() < 1500 && onset.getMax() > 22_000, "onset " + onset);
    }

    private static int edge(double[] loud, double level, int from, int step) {
        int at = from;
        while (loud[at] < level) {
            at += step;
        }
        return at;
    }

    /** The frequency at which the sound is most like a tone of it. */
    private static double hz(float[] heard, int from, int to) {
        double best = 0;
        double largest = 0;
        for (double hz = 360; hz < 530; hz += 4) {
            double cos = 0;
            double sin = 0;
            for (int i = from; i < Math.min(to, from + 2000); i++) {
                double angle = 2 * Math.PI * hz * i / FrameShape.SOUND_RATE;
                cos += heard[i] * Math.cos(angle);
                sin += heard[i] * Math.sin(angle);
            }
            if (cos * cos + sin * sin > largest) {
                largest = cos * cos + sin * sin;
                best = hz;
            }
        }
        return best;
    }

    @Test
    void shouldPlayNothingAndSilenceAsTheNoiseFloor() {
        SoundVariation variation = new SoundVariation(SHAPE, VariationStrength.STRONG);
        for (float[] silent : new float[][] {{}, new float[1], new float[20_000]}) {
            double sum = 0;
            float[] heard = play(variation, silent, 3, SHAPE.soundSamples());
            for (float value : heard) {
                sum += value * value;
            }
            assertEquals(.002, Math.sqrt(sum / heard.length), .0006);
        }
    }

    @Test
    void shouldPlayAllOfWhatCanBeMadeToFitAndAPartOfTheRest() {
        SoundVariation variation = new SoundVariation(SHAPE, VariationStrength.MILD);
        float[] fits = ramp((int) (SHAPE.soundSamples() * 1.4));
        float[] heard = play(variation, fits, 5, SHAPE.soundSamples());
        assertTrue(loudness(heard, 2000, 4000) < .2 * loudness(heard, 36_000, 38_000));
        float[] first = play(variation, ramp(20 * SHAPE.soundSamples()), 6, SHAPE.soundSamples());
        assertTrue(loudness(first, 20_000, 24_000) > .01);
    }

    /** A tone that begins at nothing and grows to the end. */
    private static float[] ramp(int count) {
        float[] tone = tone(count);
        for (int i = 0; i < count; i++) {
            tone[i] *= (float) i / count;
        }
        return tone;
    }

    private static double loudness(float[] heard, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += heard[i] * heard[i];
        }
        return Math.sqrt(sum / (to - from));
    }

    private static float[] tone(int count) {
        float[] tone = new float[count];
        for (int i = 0; i < count; i++) {
            tone[i] = (float) (.5 * Math.sin(2 * Math.PI * TONE_HZ * i / FrameShape.SOUND_RATE));
        }
        return tone;
    }

    private static float[] play(SoundVariation variation, float[] samples, long seed, int window) {
        float[] heard = new float[window];
        Arrays.fill(heard, Float.NaN);
        variation.play(samples, new SplittableRandom(seed), MemorySegment.ofArray(heard));
        return heard;
    }
}
