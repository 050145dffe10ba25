package io.fluxfoam.teacher.whisper;

/**
 * Triangular filters on the mel scale: 3f/200 below 1 kHz, logarithmic above, each of unit area,
 * evenly spaced from 0 to 8 kHz, over the 201 bins of a 400-point transform at 16 kHz. Only what is
 * not zero is kept.
 */
final class MelBank {
    /** Number of frequency bins. */
    static final int BINS = 201;

    private static final double BIN_HZ = 40;
    private static final double HIGHEST_HZ = 8_000;
    private static final double LINEAR_BELOW_HZ = 1_000;
    private static final double LINEAR_BELOW_MEL = 15;
    private static final double LOG_STEP = 27 / Math.log(6.4);

    private final int[] firstBin;
    private final float[][] weights;

    MelBank(int bands) {
        double[] edges = new double[bands + 2];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = hz(i * mel(HIGHEST_HZ) / (bands + 1));
        }
        firstBin = new int[bands];
        weights = new float[bands][];
        for (int band = 0; band < bands; band++) {
            double low = edges[band];
            double centre = edges[band + 1];
            double high = edges[band + 2];
            int from = (int) Math.ceil(low / BIN_HZ);
            int to = Math.min(BINS - 1, (int) Math.floor(high / BIN_HZ));
            firstBin[band] = from;
            weights[band] = new float[Math.max(0, to - from + 1)];
            for (int i = 0; i < weights[band].length; i++) {
                double hz = (from + i) * BIN_HZ;
                double height =
                        Math.min((hz - low) / (centre - low), (high - hz) / (high - centre));
                weights[band][i] = (float) (height * 2 / (high - low));
            }
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

    /** Number of bands. */
    int bands() {
        return weights.length;
    }

    /** Energy of a band. */
    double energy(int band, double[] power) {
        double sum = 0;
        for (int i = 0; i < weights[band].length; i++) {
            sum += weights[band][i] * power[firstBin[band] + i];
        }
        return sum;
    }
}
