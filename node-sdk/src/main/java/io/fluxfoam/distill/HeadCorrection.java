package io.fluxfoam.distill;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The exact change of a linear head that keeps its de-standardised prediction when the statistics
 * of its region change (PopArt): {@code W' = (s / s') W} and {@code b' = (s b + mu - mu') / s'}.
 * Immutable.
 */
public final class HeadCorrection {
    private final double[] factor;
    private final double[] shift;

    private HeadCorrection(double[] factor, double[] shift) {
        this.factor = factor;
        this.shift = shift;
    }

    /**
     * The correction for a change from one set of statistics to another.
     *
     * @throws IllegalArgumentException if they differ in dimensions
     */
    public static HeadCorrection between(Statistics from, Statistics to) {
        if (from.dim() != to.dim()) {
            throw new IllegalArgumentException(
                    "dim=" + from.dim() + " cannot become dim=" + to.dim());
        }
        double[] factor = new double[to.dim()];
        double[] shift = new double[to.dim()];
        for (int d = 0; d < factor.length; d++) {
            factor[d] = from.scale(d) / to.scale(d);
            shift[d] = (from.mean(d) - to.mean(d)) / to.scale(d);
        }
        return new HeadCorrection(factor, shift);
    }

    /**
     * A standardised value of dimension {@code d}, or a head's bias for it, under the new
     * statistics.
     */
    public float apply(int d, float value) {
        return (float) (value * factor[d] + shift[d]);
    }

    /**
     * Corrects a head in place. Its output row {@code r} predicts dimension {@code r % dim}.
     *
     * @param weight floats {@code [rows, columns]}, row-major
     * @param bias floats {@code [rows]}
     */
    public void apply(MemorySegment weight, MemorySegment bias) {
        long rows = bias.byteSize() / Float.BYTES;
        long columns = weight.byteSize() / Float.BYTES / rows;
        if (rows % factor.length != 0 || rows * columns * Float.BYTES != weight.byteSize()) {
            throw new IllegalArgumentException(
                    "weightBytes="
                            + weight.byteSize()
                            + " biasBytes="
                            + bias.byteSize()
                            + " do not make a head for dim="
                            + factor.length);
        }
        for (long r = 0; r < rows; r++) {
            int d = (int) (r % factor.length);
            for (long c = 0; c < columns; c++) {
                long i = r * columns + c;
                float w = weight.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
                weight.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) (w * factor[d]));
            }
            bias.setAtIndex(
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    r,
                    apply(d, bias.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, r)));
        }
    }
}
