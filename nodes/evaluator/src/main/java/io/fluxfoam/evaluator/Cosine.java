package io.fluxfoam.evaluator;

/** The cosine of two vectors. */
final class Cosine {
    private Cosine() {}

    /**
     * From -1 to 1; 0 if one of them is zero, as it then points nowhere; NaN if a value is not
     * finite.
     */
    static double of(double[] a, double[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa * bb);
    }
}
