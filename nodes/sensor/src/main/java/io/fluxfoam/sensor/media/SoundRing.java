package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ShortBuffer;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The newest samples of a sound, and windows over them. Windows begin at multiples of {@value
 * #WINDOW_STEP} samples, so that a teacher which works in steps of that size sees the same steps
 * again in the next window. Each sample gets its share of a noise floor when it comes in, since a
 * teacher's features of digital silence depend on what stands beside it; overlapping windows
 * therefore agree bit by bit. Before the first sample there is the noise floor alone. Not
 * thread-safe.
 */
final class SoundRing {
    /** 80 ms, the step of the speech teacher. */
    static final int WINDOW_STEP = 1_280;

    /** Standard deviation of the noise floor, -60 dB of full scale. */
    static final float NOISE_FLOOR = .001f;

    private static final int CAPACITY = 1 << 18;
    private static final float FULL_SCALE = 32_768;

    private final float[] samples;
    private final SplittableRandom random;
    private long position;

    /** A ring with room for any window and what comes behind it. */
    SoundRing(long seed) {
        this(seed, CAPACITY);
    }

    /** A ring of a few samples, which costs less noise. */
    SoundRing(long seed, int capacity) {
        random = new SplittableRandom(seed);
        samples = new float[capacity];
        for (int i = 0; i < capacity; i++) {
            samples[i] = noise();
        }
    }

    /** How many samples have come in. */
    long position() {
        return position;
    }

    /** Takes 16-bit samples. */
    void append(ShortBuffer sound) {
        while (sound.hasRemaining()) {
            put(sound.get() / FULL_SCALE);
        }
    }

    /** Fills up to this position with silence; does nothing if it is reached already. */
    void appendSilence(long untilPosition) {
        while (position < untilPosition) {
            put(0);
        }
    }

    /**
     * Copies the last whole window that ends at or before a position; its start is rounded down to
     * a window step.
     *
     * @param untilPosition at most {@link #position()}
     * @param soundF32 the window; its length says how many samples
     * @throws SourceException if the ring has moved on from the window's start
     */
    void window(long untilPosition, MemorySegment soundF32) throws SourceException {
        int count = (int) (soundF32.byteSize() / Float.BYTES);
        long start = Math.floorDiv(untilPosition - count, WINDOW_STEP) * WINDOW_STEP;
        if (untilPosition > position || start < position - samples.length) {
            throw new SourceException(
                    String.format(
                            Locale.ROOT,
                            "sound window [%s, %s) is not among the newest samples [%s, %s)",
                            start,
                            start + count,
                            position - samples.length,
                            position));
        }
        for (int i = 0; i < count; i++) {
            soundF32.setAtIndex(
                    ValueLayout.JAVA_FLOAT, i, samples[Math.floorMod(start + i, samples.length)]);
        }
    }

    private void put(float sample) {
        samples[(int) (position++ % samples.length)] = Math.clamp(sample + noise(), -1, 1);
    }

    private float noise() {
        return NOISE_FLOOR * (float) random.nextGaussian();
    }
}
