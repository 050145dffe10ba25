package io.fluxfoam.student.replay;

import io.fluxfoam.student.net.InputShape;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Hears raw samples, f32 {@code [samples]}, as the student keeps them: the logarithm of the energy
 * in {@value InputShape#BANDS} bands, f32 {@code [bands, steps]}. Each band is a pair of Gabor
 * filters, cosine and sine under a Hann window of 25 ms, centred on equal steps of the mel scale,
 * every 10 ms. The filters are fixed: so a moment is heard once, when it comes, and not each time
 * it is trained on. Not thread-safe.
 */
final class Ear {
    private static final int WINDOW = InputShape.SOUND_WINDOW;
    private static final int HOP = InputShape.SOUND_HOP;
    private static final int BANDS = InputShape.BANDS;
    private static final double SAMPLE_RATE_HZ = 16_000;
    private static final double LOWEST_HZ = 60;
    private static final double HIGHEST_HZ = 7_600;
    private static final double AMPLITUDE = .1;
    private static final double ENERGY_FLOOR = 1e-4;

    private final InputShape shape;
    private final float[] filters = new float[WINDOW * 2 * BANDS];
    private final float[] heard = new float[2 * BANDS];
    private final float[] samples;

    /** For sound of this length. */
    Ear(InputShape shape) {
        this.shape = shape;
        samples = new float[shape.samples()];
        double lowest = mel(LOWEST_HZ);
        double step = (mel(HIGHEST_HZ) - lowest) / BANDS;
        for (int band = 0; band < BANDS; band++) {
            double hz = hertz(lowest + step * (band + .5));
            for (int n = 0; n < WINDOW; n++) {
                double hann = .5 - .5 * Math.cos(2 * Math.PI * n / WINDOW);
                double phase = 2 * Math.PI * hz * (n - WINDOW / 2) / SAMPLE_RATE_HZ;
                int row = n * 2 * BANDS;
                filters[row + band] = (float) (AMPLITUDE * hann * Math.cos(phase));
                filters[row + BANDS + band] = (float) (AMPLITUDE * hann * Math.sin(phase));
            }
        }
    }

    /** O'Shaughnessy's formula. */
    private static double mel(double hertz) {
        return 2595 * Math.log10(1 + hertz / 700);
    }

    private static double hertz(double mel) {
        return 700 * (Math.pow(10, mel / 2595) - 1);
    }

    /**
     * Reads samples in place, limited to [-1, 1].
     *
     * @param sound as many floats as the shape has samples
     * @param energies {@link InputShape#soundBytes()} bytes, floats
     * @return whether all samples are finite; if not, what was written must not be used
     */
    boolean hear(MemorySegment sound, MemorySegment energies) {
        boolean finite = true;
        for (int i = 0; i < samples.length; i++) {
            float sample = sound.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            finite &= Float.isFinite(sample);
            samples[i] = Math.clamp(sample, -1f, 1f);
        }
        int steps = shape.soundSteps();
        for (int step = 0; finite && step < steps; step++) {
            filter(step * HOP);
            for (int band = 0; band < BANDS; band++) {
                float cosine = heard[band];
                float sine = heard[BANDS + band];
                double energy = cosine * cosine + sine * sine + ENERGY_FLOOR;
                energies.setAtIndex(
                        ValueLayout.JAVA_FLOAT,
                        (long) band * steps + step,
                        (float) Math.log(energy));
            }
        }
        return finite;
    }

    /** All filters side by side, so that the inner loop is one for vector instructions. */
    private void filter(int from) {
        Arrays.fill(heard, 0);
        for (int n = 0; n < WINDOW; n++) {
            float sample = samples[from + n];
            int row = n * 2 * BANDS;
            for (int i = 0; i < 2 * BANDS; i++) {
                heard[i] += sample * filters[row + i];
            }
        }
    }
}
