package io.fluxfoam.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

class VocoderTest {
    private final MelSpectrogram look = new MelSpectrogram();

    private float[] spectrogram(float[] samples) {
        float[] spectrogram = new float[MelSpectrogram.LENGTH];
        look.compute(samples, spectrogram);
        return spectrogram;
    }

    private static float[] speech(String text) {
        float[] spoken = new Speaker().samples(text, 105, 170);
        float[] samples = new float[MelSpectrogram.SAMPLES];
        System.arraycopy(spoken, 0, samples, 1_600, Math.min(spoken.length, 39_360));
        return samples;
    }

    private static float[] said(float[] spectrogram, long seed) {
        float[] samples = new float[MelSpectrogram.SAMPLES];
        new Vocoder().speak(spectrogram, seed, samples);
        return samples;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum / a.length;
    }

    @Test
    void shouldSaySomethingThatLooksAsItShould() {
        String[] sentences = {"red kite above the harbour", "old bridge", "wet dog near the river"};
        float[][] wanted = new float[sentences.length][];
        for (int i = 0; i < sentences.length; i++) {
            wanted[i] = spectrogram(speech(sentences[i]));
        }
        for (int i = 0; i < wanted.length; i++) {
            float[] got = spectrogram(said(wanted[i], i));
            double own = distance(got, wanted[i]);
            double other = distance(got, wanted[(i + 1) % wanted.length]);
            assertTrue(own < .25, sentences[i] + " own=" + own);
            assertTrue(own < .1 * other, sentences[i] + " own=" + own + " other=" + other);
        }
    }

    @Test
    void shouldSayTheSameFromTheSameSeedWhateverItHasSaidBefore() {
        float[] bridge = spectrogram(speech("old bridge"));
        Vocoder vocoder = new Vocoder();
        float[] samples = new float[MelSpectrogram.SAMPLES];
        vocoder.speak(spectrogram(speech("red kite")), 5, samples);
        vocoder.speak(bridge, 7, samples);
        assertArrayEquals(said(bridge, 7), samples);
        assertFalse(Arrays.equals(said(bridge, 8), samples));
    }

    @Test
    void shouldBeSilentWhereNothingIsToBeHeard() {
        float[] silence = new float[MelSpectrogram.LENGTH];
        Arrays.fill(silence, (float) Math.log(1e-3));
        for (float sample : said(silence, 1)) {
            assertEquals(0, sample);
        }
    }

    /** A student that has just begun predicts anything. */
    @Test
    void shouldStayWithinFullScaleWhateverItIsTold() {
        SplittableRandom random = new SplittableRandom(1);
        float[] wild = new float[MelSpectrogram.LENGTH];
        for (int i = 0; i < wild.length; i++) {
            wild[i] = (float) (30 * random.nextGaussian());
        }
        for (float sample : said(wild, 1)) {
            assertTrue(Math.abs(sample) <= 1, "sample=" + sample);
        }
    }
}
