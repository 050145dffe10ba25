package io.fluxfoam.speech;

import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/**
 * The Fourier transform of two windows of real samples at once: one is the real part and one the
 * imaginary part of a complex window, whose spectrum tells them apart by symmetry. Keeps its
 * scratch; for one thread.
 */
final class FourierPair {
    private static final int WINDOW = Spectrum.WINDOW;

    private final double[][] packed = new double[2][WINDOW];

    /** Writes the spectra of two windows. */
    void forward(double[] first, double[] second, Spectrum ofFirst, Spectrum ofSecond) {
        System.arraycopy(first, 0, packed[0], 0, WINDOW);
        System.arraycopy(second, 0, packed[1], 0, WINDOW);
        transform(TransformType.FORWARD);
        double[] re = packed[0];
        double[] im = packed[1];
        for (int k = 0; k < Spectrum.BINS; k++) {
            int mirror = (WINDOW - k) % WINDOW;
            ofFirst.real()[k] = (re[k] + re[mirror]) / 2;
            ofFirst.imaginary()[k] = (im[k] - im[mirror]) / 2;
            ofSecond.real()[k] = (im[k] + im[mirror]) / 2;
            ofSecond.imaginary()[k] = (re[mirror] - re[k]) / 2;
        }
    }

    /** Writes the windows of two spectra. */
    void inverse(Spectrum ofFirst, Spectrum ofSecond, double[] first, double[] second) {
        double[] re = packed[0];
        double[] im = packed[1];
        for (int k = 0; k < Spectrum.BINS; k++) {
            re[k] = ofFirst.real()[k] - ofSecond.imaginary()[k];
            im[k] = ofFirst.imaginary()[k] + ofSecond.real()[k];
        }
        for (int k = Spectrum.BINS; k < WINDOW; k++) {
            int mirror = WINDOW - k;
            re[k] = ofFirst.real()[mirror] + ofSecond.imaginary()[mirror];
            im[k] = ofSecond.real()[mirror] - ofFirst.imaginary()[mirror];
        }
        transform(TransformType.INVERSE);
        System.arraycopy(re, 0, first, 0, WINDOW);
        System.arraycopy(im, 0, second, 0, WINDOW);
    }

    private void transform(TransformType type) {
        FastFourierTransformer.transformInPlace(packed, DftNormalization.STANDARD, type);
    }
}
