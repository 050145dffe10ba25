package io.fluxfoam.speech;

import io.fluxfoam.distill.FrameShape;

/**
 * What speech looks like: the logarithm of the mean power in {@value #BANDS} bands, at {@value
 * #STEPS} steps of 16 ms, f32 {@code [steps, bands]}. Step {@code t} is seen through a Hann window
 * of {@value Spectrum#WINDOW} samples around its middle, sample {@code (t + 1/2) * }{@value #HOP};
 * beyond the ends there is silence. To the power {@value #FLOOR} is added, what a noise of 53 dB
 * below full scale has: so silence is a number, and no detail of it counts. Keeps its scratch; for
 * one thread.
 */
public final class MelSpectrogram {
    /** Steps of an utterance. */
    public static final int STEPS = 160;

    /** Bands of a step. */
    public static final int BANDS = 40;

    /** Samples from one step to the next. */
    static final int HOP = 256;

    /** Samples of an utterance, at {@value FrameShape#SOUND_RATE} Hz. */
    public static final int SAMPLES = STEPS * HOP;

    /** Values of one. */
    public static final int LENGTH = STEPS * BANDS;

    static final double FLOOR = 1e-3;

    private final double[] hann = Spectrum.hann();
    private final MelFilters filters = new MelFilters(BANDS);
    private final FourierPair fourier = new FourierPair();
    private final double[][] windows = new double[2][Spectrum.WINDOW];
    private final Spectrum[] spectra = {new Spectrum(), new Spectrum()};
    private final double[] power = new double[Spectrum.BINS];
    private final double[] bands = new double[BANDS];

    /**
     * Computes one.
     *
     * @param samples in [-1, 1]; what is beyond {@link #SAMPLES} is left out
     * @param target {@link #LENGTH} floats
     */
    public void compute(float[] samples, float[] target) {
        for (int step = 0; step < STEPS; step += 2) {
            window(samples, step, windows[0]);
            window(samples, step + 1, windows[1]);
            fourier.forward(windows[0], windows[1], spectra[0], spectra[1]);
            for (int i = 0; i < spectra.length; i++) {
                see(spectra[i], target, (step + i) * BANDS);
            }
        }
    }

    private void window(float[] samples, int step, double[] window) {
        int from = step * HOP + (HOP - Spectrum.WINDOW) / 2;
        for (int i = 0; i < window.length; i++) {
            int at = from + i;
            boolean isInside = at >= 0 && at < Math.min(samples.length, SAMPLES);
            window[i] = isInside ? samples[at] * hann[i] : 0;
        }
    }

    private void see(Spectrum spectrum, float[] target, int at) {
        for (int bin = 0; bin < power.length; bin++) {
            power[bin] = spectrum.power(bin);
        }
        filters.bands(power, bands);
        for (int band = 0; band < BANDS; band++) {
            target[at + band] = (float) Math.log(bands[band] + FLOOR);
        }
    }
}
