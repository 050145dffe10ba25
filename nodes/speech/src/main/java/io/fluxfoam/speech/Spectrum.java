package io.fluxfoam.speech;

/**
 * The lower half of the spectrum of {@value #WINDOW} real samples, from 0 Hz to half the rate.
 *
 * @param real part of each bin
 * @param imaginary part of each bin; 0 in the first and in the last
 */
record Spectrum(double[] real, double[] imaginary) {
    /** Samples of which it is one. */
    static final int WINDOW = 512;

    /** Frequencies. */
    static final int BINS = WINDOW / 2 + 1;

    Spectrum() {
        this(new double[BINS], new double[BINS]);
    }

    /** Energy at a frequency. */
    double power(int bin) {
        return real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
    }

    /** What a window is seen through, and added up through: periodic, by von Hann. */
    static double[] hann() {
        double[] hann = new double[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            hann[i] = .5 - .5 * Math.cos(2 * Math.PI * i / WINDOW);
        }
        return hann;
    }
}
