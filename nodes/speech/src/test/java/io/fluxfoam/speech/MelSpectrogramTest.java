package io.fluxfoam.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class MelSpectrogramTest {
    private static final double SILENCE = Math.log(1e-3);

    private static float[] spectrogram(float[] samples) {
        float[] target = new float[6_400];
        new MelSpectrogram().compute(samples, target);
        return target;
    }

    private static float[] noise(int samples) {
        SplittableRandom random = new SplittableRandom(3);
        float[] noise = new float[samples];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (.1 * random.nextGaussian());
        }
        return noise;
    }

    /** What the documentation says, as plain sums. */
    private static double reference(float[] samples, int step, int band) {
        double[] edges = new double[42];
        double lowest = 50 * 3 / 200.0;
        double highest = 15 + 27 * Math.log(7.6) / Math.log(6.4);
        for (int i = 0; i < edges.length; i++) {
            double mel = lowest + (highest - lowest) * i / 41;
            edges[i] = mel < 15 ? mel * 200 / 3 : 1000 * Math.pow(6.4, (mel - 15) / 27);
        }
        double sum = 0;
        double weights = 0;
        for (int bin = 0; bin <= 256; bin++) {
            double hz = bin * 31.25;
            double weight =
                    Math.min(
                            (hz - edges[band]) / (edges[band + 1] - edges[band]),
                            (edges[band + 2] - hz) / (edges[band + 2] - edges[band + 1]));
            if (weight > 0) {
                sum += weight * power(samples, step * 256 + 128 - 256, bin);
                weights += weight;
            }
        }
        return Math.log(sum / weights + 1e-3);
    }

    private static double power(float[] samples, int from, int bin) {
        double real = 0;
        double imaginary = 0;
        for (int i = 0; i < 512; i++) {
            int at = from + i;
            double sample = at < 0 || at >= samples.length ? 0 : samples[at];
            double seen = sample * (.5 - .5 * Math.cos(2 * Math.PI * i / 512));
            real += seen * Math.cos(2 * Math.PI * bin * i / 512);
            imaginary -= seen * Math.sin(2 * Math.PI * bin * i / 512);
        }
        return real * real + imaginary * imaginary;
    }

    @Test
    void shouldBeWhatTheFormulaSays() {
        float[] samples = noise(40_960);
        float[] spectrogram = spectrogram(samples);
        for (int step : new int[] {0, 1, 2, 77, 158, 159}) {
            for (int band = 0; band < 40; band += 3) {
                assertEquals(
                        reference(samples, step, band),
                        spectrogram[step * 40 + band],
                        1e-4,
                        "step=" + step + " band=" + band);
            }
        }
    }

    @Test
    void shouldFindATone() {
        float[] tone = new float[40_960];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (.5 * Math.sin(2 * Math.PI * 1_000 * i / 16_000));
        }
        float[] spectrogram = spectrogram(tone);
        int loudest = 0;
        for (int band = 1; band < 40; band++) {
            loudest = spectrogram[80 * 40 + band] > spectrogram[80 * 40 + loudest] ? band : loudest;
        }
        assertEquals(12, loudest, "the bands' middles are 71 Hz apart up to 1 kHz");
        assertTrue(spectrogram[80 * 40 + 12] > 6, "a full window of half of full scale");
        assertTrue(spectrogram[80 * 40 + 30] < SILENCE + .1);
    }

    @Test
    void shouldTakeWhatIsMissingForSilence() {
        float[] spectrogram = spectrogram(noise(20_480));
        for (int i = 82 * 40; i < spectrogram.length; i++) {
            assertEquals(SILENCE, spectrogram[i], 1e-6);
        }
        assertTrue(spectrogram[40 * 40 + 20] > SILENCE + 3);
    }

    @Test
    void shouldSayTheSameOfTheSame() {
        float[] samples = noise(41_000);
        MelSpectrogram one = new MelSpectrogram();
        float[] first = new float[6_400];
        float[] second = new float[6_400];
        one.compute(samples, first);
        one.compute(noise(100), second);
        one.compute(samples, second);
        assertArrayEquals(first, second);
    }
}
