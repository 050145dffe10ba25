package io.fluxfoam.speech;

import io.fluxfoam.distill.FrameShape;

/**
 * Triangles on the mel scale (3f/200 below 1 kHz, logarithmic above), evenly spaced from 50 to
 * 7,600 Hz, over the frequencies of a {@link Spectrum}. Each adds up to 1: a band is a mean of
 * power. Only what is not zero is kept.
 */
final class MelFilters {
    private static final double LOWEST_HZ = 50;
    private static final double HIGHEST_HZ = 7_600;
    private static final double LINEAR_BELOW_HZ = 1_000;
    private static final double LINEAR_BELOW_MEL = 15;
    private static final double LOG_STEP = 27 / Math.log(6.4);

    private final int[] firstBin;
    private final double[][] weights;

    MelFilters(int bands) {
        firstBin = new int[bands];
        weights = new double[bands][];
        double lowest = mel(LOWEST_HZ);
        double step = (mel(HIGHEST_HZ) - lowest) / (bands + 1);
        double binHz = (double) FrameShape.SOUND_RATE / Spectrum.WINDOW;
        for (int band = 0; band < bands; band++) {
            double low = hz(lowest + step * band);
            double centre = hz(lowest + step * (band + 1));
            double high = hz(lowest + step * (band + 2));
            int from = (int) Math.ceil(low / binHz);
            int to = (int) Math.floor(high / binHz);
            double[] triangle = new double[to - from + 1];
            double sum = 0;
            for (int i = 0; i < triangle.length; i++) {
                double hz = (from + i) * binHz;
                triangle[i] = Math.min((hz - low) / (centre - low), (high - hz) / (high - centre));
                sum += triangle[i];
            }
            for (int i = 0; i < triangle.length; i++) {
                triangle[i] /= sum;
            }
            firstBin[band] = from;
            weights[band] = triangle;
        }
    }

    private static double mel(double hz) {
        return hz < LINEAR_BELOW_HZ
                ? hz * 3 / 200
                : LINEAR_BELOW_MEL + LOG_STEP * Math.log(hz / LINEAR_BELOW_HZ);
    }

    private static double hz(double mel) {
        return mel < LINEAR_BELOW_MEL
                ? mel * 200 / 3
                : LINEAR_BELOW_HZ * Math.exp((mel - LINEAR_BELOW_MEL) / LOG_STEP);
    }

    /** Mean power of each band. */
    void bands(double[] power, double[] bands) {
        for (int band = 0; band < weights.length; band++) {
            double sum = 0;
            for (int i = 0; i < weights[band].length; i++) {
                sum += weights[band][i] * power[firstBin[band] + i];
            }
            bands[band] = sum;
        }
    }

    /** Adds each band, by its weights, to the frequencies that it is a mean of. */
    void spread(double[] bands, double[] sums) {
        for (int band = 0; band < weights.length; band++) {
            for (int i = 0; i < weights[band].length; i++) {
                sums[firstBin[band] + i] += weights[band][i] * bands[band];
            }
        }
    }
}
