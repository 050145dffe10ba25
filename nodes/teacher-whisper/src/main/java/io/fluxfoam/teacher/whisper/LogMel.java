package io.fluxfoam.teacher.whisper;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Whisper's front end: 30 s of 16 kHz sound, padded with silence, become f32 [bands, 3000]. A
 * periodic Hann window of 400 samples every 160, centred, mirrored at both ends; power spectrum;
 * mel bank; log10, not less than the loudest value of the 30 s minus 8; then (x + 4) / 4. The
 * transform is a plain sum, folded by its symmetry: only frames that touch the sound are computed,
 * the silence behind it is a constant. Keeps its scratch between calls; for one thread.
 */
final class LogMel {
    /** Frames in 30 s. */
    static final int FRAMES = 3_000;

    private static final int TOTAL_SAMPLES = 480_000;
    private static final int HOP = 160;
    private static final int WINDOW = 400;
    private static final int HALF = WINDOW / 2;
    private static final double SMALLEST_ENERGY = 1e-10;
    private static final float RANGE = 8;

    private final MelBank bank;
    private final double[] hann = new double[WINDOW];
    private final double[][] cosines = new double[HALF + 1][MelBank.BINS];
    private final double[][] sines = new double[HALF + 1][MelBank.BINS];
    private final double[] frame = new double[WINDOW];
    private final double[] real = new double[MelBank.BINS];
    private final double[] imaginary = new double[MelBank.BINS];

    /** A front end with 80 bands (128 for the third large model). */
    LogMel(int bands) {
        bank = new MelBank(bands);
        for (int i = 0; i < WINDOW; i++) {
            hann[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / WINDOW);
        }
        for (int n = 0; n <= HALF; n++) {
            for (int bin = 0; bin < MelBank.BINS; bin++) {
                double angle = 2 * Math.PI * (n * bin % WINDOW) / WINDOW;
                cosines[n][bin] = Math.cos(angle);
                sines[n][bin] = Math.sin(angle);
            }
        }
    }

    /**
     * Computes the spectrogram.
     *
     * @param sound f32 [samples] in [-1, 1]; what is longer than 30 s is left out
     * @param target f32 [bands, 3000]
     */
    void compute(MemorySegment sound, MemorySegment target) {
        int samples = (int) Math.min(sound.byteSize() / Float.BYTES, TOTAL_SAMPLES);
        int heard = Math.min(FRAMES, (samples + HALF - 1) / HOP + 1);
        float silence = (float) Math.log10(SMALLEST_ENERGY);
        float loudest = silence;
        for (int t = 0; t < heard; t++) {
            window(sound, samples, t * HOP - HALF);
            transform();
            for (int band = 0; band < bank.bands(); band++) {
                float value =
                        (float) Math.log10(Math.max(bank.energy(band, real), SMALLEST_ENERGY));
                loudest = Math.max(loudest, value);
                target.setAtIndex(ValueLayout.JAVA_FLOAT, (long) band * FRAMES + t, value);
            }
        }
        float floor = loudest - RANGE;
        for (int band = 0; band < bank.bands(); band++) {
            for (int t = 0; t < FRAMES; t++) {
                long index = (long) band * FRAMES + t;
                float value =
                        t < heard ? target.getAtIndex(ValueLayout.JAVA_FLOAT, index) : silence;
                target.setAtIndex(ValueLayout.JAVA_FLOAT, index, (Math.max(value, floor) + 4) / 4);
            }
        }
    }

    private void window(MemorySegment sound, int samples, int from) {
        for (int i = 0; i < WINDOW; i++) {
            int at = Math.abs(from + i);
            int mirrored = at < TOTAL_SAMPLES ? at : 2 * (TOTAL_SAMPLES - 1) - at;
            frame[i] =
                    mirrored < samples
                            ? hann[i] * sound.getAtIndex(ValueLayout.JAVA_FLOAT, mirrored)
                            : 0;
        }
    }

    /** Leaves the power spectrum in {@link #real}. */
    private void transform() {
        Arrays.fill(real, 0);
        Arrays.fill(imaginary, 0);
        accumulate(0, frame[0], 0);
        for (int n = 1; n < HALF; n++) {
            accumulate(n, frame[n] + frame[WINDOW - n], frame[n] - frame[WINDOW - n]);
        }
        accumulate(HALF, frame[HALF], 0);
        for (int bin = 0; bin < MelBank.BINS; bin++) {
            real[bin] = real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
        }
    }

    private void accumulate(int n, double even, double odd) {
        double[] cosine = cosines[n];
        double[] sine = sines[n];
        for (int bin = 0; bin < MelBank.BINS; bin++) {
            real[bin] += even * cosine[bin];
            imaginary[bin] += odd * sine[bin];
        }
    }
}
