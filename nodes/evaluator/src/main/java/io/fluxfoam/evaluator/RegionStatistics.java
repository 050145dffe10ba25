package io.fluxfoam.evaluator;

/**
 * Mean and scale of every value of a region, as the student trains with them. All figures are taken
 * in the space of {@code z = (y - mean) / scale}, where a predictor that knows nothing but the
 * training mean says zero.
 */
final class RegionStatistics {
    private final float[] mean;
    private final float[] scale;

    /**
     * Statistics of a region. Takes the arrays over.
     *
     * @throws IllegalArgumentException if the lengths differ, a mean is not finite or a scale not
     *     above 0
     */
    RegionStatistics(float[] mean, float[] scale) {
        if (mean.length != scale.length) {
            throw new IllegalArgumentException(
                    "mean.length=" + mean.length + " scale.length=" + scale.length);
        }
        for (int i = 0; i < mean.length; i++) {
            if (!Float.isFinite(mean[i]) || !Float.isFinite(scale[i]) || scale[i] <= 0) {
                throw new IllegalArgumentException(
                        "index=" + i + " mean=" + mean[i] + " scale=" + scale[i]);
            }
        }
        this.mean = mean;
        this.scale = scale;
    }

    /** Number of values of the region. */
    int length() {
        return mean.length;
    }

    /** A value in standardised space; its index is that within the region. */
    double standardize(int index, float value) {
        return ((double) value - mean[index]) / scale[index];
    }

    /** All values of a region in standardised space. */
    double[] standardize(float[] values) {
        if (values.length != mean.length) {
            throw new IllegalArgumentException(
                    "length=" + values.length + " of region=" + mean.length);
        }
        double[] z = new double[values.length];
        for (int i = 0; i < z.length; i++) {
            z[i] = standardize(i, values[i]);
        }
        return z;
    }
}
