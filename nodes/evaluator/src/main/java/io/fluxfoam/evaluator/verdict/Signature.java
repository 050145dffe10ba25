package io.fluxfoam.evaluator.verdict;

/**
 * A tensor as 256 numbers of length 1: each value is added, with a sign of its own, to one of them
 * (feature hashing; Weinberger et al., ICML 2009). The cosine of two signatures is that of their
 * tensors, give or take 1/16.
 */
record Signature(float[] values) {
    private static final int LENGTH = 256;

    static Signature of(double[] tensor) {
        double[] sums = new double[LENGTH];
        for (int i = 0; i < tensor.length; i++) {
            long mixed = (i + 1) * 0x9E3779B97F4A7C15L;
            mixed = (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L;
            sums[(int) (mixed >>> 56)] += mixed << 8 < 0 ? -tensor[i] : tensor[i];
        }
        double square = 0;
        for (double sum : sums) {
            square += sum * sum;
        }
        double share = square > 0 ? 1 / Math.sqrt(square) : 0;
        float[] values = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            values[i] = (float) (sums[i] * share);
        }
        return new Signature(values);
    }

    double cosine(Signature other) {
        float sum = 0;
        for (int i = 0; i < LENGTH; i++) {
            sum += values[i] * other.values[i];
        }
        return sum;
    }
}
