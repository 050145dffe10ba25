package io.fluxfoam.sensor.vary;

import io.fluxfoam.distill.FrameShape;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Plays a sound anew into a window: longer or shorter, higher or lower, louder or softer, sooner or
 * later, and in noise. Not thread-safe: it keeps its buffers.
 */
public final class SoundVariation {
    /**
     * Standard deviation of the least noise. In digital silence a log-mel front end is at its
     * clamp, and the same sound has other features in another window.
     */
    private static final double NOISE_FLOOR = .002;

    /** What does not fit into the window is made shorter by at most this before it is cut. */
    private static final double MIN_STRETCH = .7;

    private static final double MIN_PEAK = .15;
    private static final double MAX_PEAK = .9;
    private static final double SILENT_PEAK = 1e-4;
    private static final double SIGNAL_TO_NOISE_RANGE_DB = 28;

    /** The dullest noise is a twentieth of new noise and else what was before. */
    private static final double DULLEST = .05;

    private static final int SEMITONES = 12;

    private final int windowSamples;
    private final VariationStrength strength;
    private final Stretcher stretcher = new Stretcher();
    private final float[] played;
    private final float[] window;
    private float[] stretched = {};

    /** Variations that fit a shape. */
    public SoundVariation(FrameShape shape, VariationStrength strength) {
        this.windowSamples = shape.soundSamples();
        this.strength = strength;
        this.played = new float[windowSamples];
        this.window = new float[windowSamples];
    }

    /**
     * Fills the whole window, f32 [samples] in [-1, 1]. What is heard depends on the samples and on
     * the random numbers alone. All of a sound is heard if it can be made to fit; of a longer one a
     * part is.
     *
     * @param samples {@link FrameShape#SOUND_RATE} of them for a second; may be none
     */
    public void play(float[] samples, SplittableRandom random, MemorySegment soundF32) {
        double stretch = 1 + strength.stretch() * (2 * random.nextDouble() - 1);
        double semitones = strength.maxPitchSemitones() * (2 * random.nextDouble() - 1);
        double peak = MIN_PEAK * StrictMath.pow(MAX_PEAK / MIN_PEAK, random.nextDouble());
        double where = random.nextDouble();
        if (samples.length * stretch > windowSamples) {
            stretch = Math.max(MIN_STRETCH, (double) windowSamples / samples.length);
        }
        int taken = (int) Math.min(samples.length, windowSamples / stretch);
        int begin = (int) (where * (samples.length - taken));
        int count = (int) Math.min(windowSamples, taken * stretch);
        vary(samples, begin, taken, count, StrictMath.pow(2, semitones / SEMITONES));
        double gain = gain(count, peak);
        double noise = noise(count, gain, random);
        mix((int) (where * (windowSamples - count)), count, gain, noise, random, soundF32);
    }

    /** Leaves the count samples in the buffer: so much longer that, read faster, they fit. */
    private void vary(float[] samples, int begin, int taken, int count, double pitch) {
        int longer = (int) Math.ceil(count * pitch) + 1;
        if (stretched.length < longer + 1) {
            stretched = new float[longer + 1];
        }
        if (count == 0) {
            return;
        }
        stretcher.stretch(samples, begin, begin + taken, stretched, longer);
        stretched[longer] = stretched[longer - 1];
        for (int i = 0; i < count; i++) {
            double at = i * pitch;
            int index = (int) at;
            float part = (float) (at - index);
            played[i] = stretched[index] + part * (stretched[index + 1] - stretched[index]);
        }
    }

    private double gain(int count, double peak) {
        double largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(played[i]));
        }
        return largest < SILENT_PEAK ? 1 : peak / largest;
    }

    /** Standard deviation of the noise that the sound is in. */
    private double noise(int count, double gain, SplittableRandom random) {
        double energy = 0;
        for (int i = 0; i < count; i++) {
            energy += played[i] * played[i];
        }
        double level = count == 0 ? 0 : gain * Math.sqrt(energy / count);
        double quieterDb =
                strength.minSignalToNoiseDb() + SIGNAL_TO_NOISE_RANGE_DB * random.nextDouble();
        return Math.max(NOISE_FLOOR, level * StrictMath.pow(10, -quieterDb / 20));
    }

    /** The noise is white to dull: each value is a part of the one before, of the same variance. */
    private void mix(
            int onset,
            int count,
            double gain,
            double noise,
            SplittableRandom random,
            MemorySegment soundF32) {
        float fresh = (float) StrictMath.pow(DULLEST, random.nextDouble());
        float level = (float) (noise * Math.sqrt((2 - fresh) / fresh));
        int offset = random.nextInt(Grain.COUNT);
        float dull = 0;
        for (int i = 0; i < windowSamples; i++) {
            dull += fresh * (Grain.at(offset + i) - dull);
            window[i] = level * dull;
        }
        for (int i = 0; i < count; i++) {
            window[onset + i] += (float) gain * played[i];
        }
        for (int i = 0; i < windowSamples; i++) {
            window[i] = Math.min(1, Math.max(-1, window[i]));
        }
        MemorySegment.copy(window, 0, soundF32, ValueLayout.JAVA_FLOAT, 0, windowSamples);
    }
}
