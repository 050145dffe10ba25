package io.fluxfoam.sensor.scene;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.speech.Speaker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Speaks a sentence into a sound window: random pitch, rate, onset and gain over a noise floor. The
 * whole sentence is always inside: what is too long is spoken faster, never cut. Not thread-safe:
 * it owns one voice.
 */
final class Narrator {
    /**
     * Standard deviation of the noise floor. Without one, digital silence drives a log-mel front
     * end into its clamp and the same speech gives other features in another window.
     */
    static final float NOISE_FLOOR = .002f;

    private static final double MIN_PITCH_HZ = 80;
    private static final double MAX_PITCH_HZ = 150;
    private static final double MIN_WORDS_PER_MINUTE = 140;
    private static final double MAX_WORDS_PER_MINUTE = 190;
    private static final double MIN_GAIN = .4;
    private static final double MAX_GAIN = 1.2;
    private static final int MAX_ATTEMPTS = 8;
    private static final double FASTER = 1.02;

    private final Speaker speaker = new Speaker();
    private final int windowSamples;

    Narrator(FrameShape shape) {
        windowSamples = shape.soundSamples();
    }

    /**
     * Fills the whole window, f32 [samples] in [-1, 1]. What is heard depends on the arguments
     * alone.
     */
    void speak(String sentence, SplittableRandom random, MemorySegment soundF32) {
        float pitchHz = (float) random.nextDouble(MIN_PITCH_HZ, MAX_PITCH_HZ);
        float wordsPerMinute =
                (float) random.nextDouble(MIN_WORDS_PER_MINUTE, MAX_WORDS_PER_MINUTE);
        float[] speech = fit(sentence, pitchHz, wordsPerMinute);
        int onset = random.nextInt(windowSamples - speech.length + 1);
        float gain = (float) random.nextDouble(MIN_GAIN, MAX_GAIN);
        for (int i = 0; i < windowSamples; i++) {
            float noise = NOISE_FLOOR * (float) random.nextGaussian();
            int spoken = i - onset;
            float value =
                    spoken >= 0 && spoken < speech.length ? gain * speech[spoken] + noise : noise;
            soundF32.setAtIndex(ValueLayout.JAVA_FLOAT, i, Math.clamp(value, -1, 1));
        }
    }

    private float[] fit(String sentence, float pitchHz, float wordsPerMinute) {
        float rate = wordsPerMinute;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            float[] speech = speaker.samples(sentence, pitchHz, rate);
            if (speech.length <= windowSamples) {
                return speech;
            }
            rate *= (float) (FASTER * speech.length / windowSamples);
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "cannot speak \"%s\" within windowSamples=%d, not even at wordsPerMinute=%s",
                        sentence,
                        windowSamples,
                        rate));
    }
}
