package io.fluxfoam.distill;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * How the values of one region are put on a common scale: {@code z = (y - mean) / scale} and {@code
 * y = z * scale + mean}, with a mean and a scale for each dimension, shared by all tokens. In the
 * space of z a predictor that knows nothing but the training mean says zero. Immutable.
 */
public final class RegionScaling {
    private final double[] mean;
    private final double[] scale;

    /** Takes the arrays over. */
    RegionScaling(double[] mean, double[] scale) {
        this.mean = mean;
        this.scale = scale;
    }

    /**
     * What somebody has published; empty if a scale is 0, which says that nothing is known.
     *
     * @throws IllegalArgumentException if a mean or a scale is not finite, or a scale is negative
     */
    static Optional<RegionScaling> published(double[] mean, double[] scale) {
        boolean isKnown = true;
        for (int d = 0; d < mean.length; d++) {
            if (!Double.isFinite(mean[d]) || !Double.isFinite(scale[d]) || scale[d] < 0) {
                throw new IllegalArgumentException(
                        "no scaling: dimension=" + d + " mean=" + mean[d] + " scale=" + scale[d]);
            }
            isKnown &= scale[d] > 0;
        }
        return isKnown ? Optional.of(new RegionScaling(mean, scale)) : Optional.empty();
    }

    public int dim() {
        return mean.length;
    }

    /** Mean of a dimension, in the teacher's units. */
    public double mean(int d) {
        return mean[d];
    }

    /** Scale of a dimension, in the teacher's units; greater than 0. */
    public double scale(int d) {
        return scale[d];
    }

    /** One value, standardised; its index is that within the region. */
    public double standardize(long index, double value) {
        int d = (int) (index % mean.length);
        return (value - mean[d]) / scale[d];
    }

    /** All values of a region, or of some rows of it, standardised. */
    public double[] standardize(float[] values) {
        requireRows((long) values.length * Float.BYTES);
        double[] z = new double[values.length];
        for (int i = 0; i < z.length; i++) {
            z[i] = standardize(i, values[i]);
        }
        return z;
    }

    /**
     * Writes every float of the source, standardised, into the target from float {@code index} on.
     *
     * @return whether every result is within the limit; NaN is not
     */
    public boolean standardize(
            MemorySegment source, MemorySegment target, long index, float limit) {
        long count = floats(source);
        boolean within = true;
        for (long i = 0; i < count; i += mean.length) {
            for (int d = 0; d < mean.length; d++) {
                double y = source.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i + d);
                float z = (float) ((y - mean[d]) / scale[d]);
                within &= Math.abs(z) <= limit;
                target.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index + i + d, z);
            }
        }
        return within;
    }

    /**
     * Writes every float of the source in the teacher's units into the target from float {@code
     * index} on.
     */
    public void destandardize(MemorySegment source, MemorySegment target, long index) {
        long count = floats(source);
        for (long i = 0; i < count; i += mean.length) {
            for (int d = 0; d < mean.length; d++) {
                double z = source.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i + d);
                target.setAtIndex(
                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                        index + i + d,
                        (float) (z * scale[d] + mean[d]));
            }
        }
    }

    /** How many floats these are: whole rows. */
    long floats(MemorySegment values) {
        requireRows(values.byteSize());
        return values.byteSize() / Float.BYTES;
    }

    private void requireRows(long payloadBytes) {
        if (payloadBytes % ((long) mean.length * Float.BYTES) != 0) {
            throw new IllegalArgumentException(
                    "payloadBytes="
                            + payloadBytes
                            + " is no whole number of rows of dim="
                            + mean.length);
        }
    }
}
