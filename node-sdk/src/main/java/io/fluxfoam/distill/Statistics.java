package io.fluxfoam.distill;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What is known about the values of one region: mean and scale of each dimension, shared by its
 * tokens. Immutable; a refinement is a new value with a higher {@link #version()}. A value and its
 * standardised form are related by {@code z = (y - mean) / scale}.
 *
 * <p>{@code scale} is the standard deviation, but never less than 5% of the mean deviation of the
 * region: a dimension that never moves gives zeros instead of infinities. Version 0 is the identity
 * (mean 0, scale 1), used while too little was seen.
 */
public final class Statistics {
    private static final double SCALE_FLOOR = .05;
    private static final float FARTHEST = 1e4f;

    private final int version;
    private final int moments;
    private final long rows;
    private final double[] mean;
    private final double[] squares;
    private final RegionScaling scaling;

    private Statistics(int version, int moments, long rows, double[] mean, double[] squares) {
        this.version = version;
        this.moments = moments;
        this.rows = rows;
        this.mean = mean;
        this.squares = squares;
        this.scaling =
                new RegionScaling(mean, version == 0 ? ones(mean.length) : scales(rows, squares));
    }

    /** What is used before anything is known: mean 0, scale 1, version 0. */
    public static Statistics identity(int dim) {
        return new Statistics(0, 0, 0, new double[dim], new double[dim]);
    }

    /** Statistics of what a {@link Standardizer} has collected; takes copies. */
    static Statistics of(int version, int moments, long rows, double[] mean, double[] squares) {
        return new Statistics(version, moments, rows, mean.clone(), squares.clone());
    }

    private static double[] ones(int dim) {
        double[] ones = new double[dim];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] scales(long rows, double[] squares) {
        double[] scale = new double[squares.length];
        double sum = 0;
        for (int d = 0; d < scale.length; d++) {
            scale[d] = Math.sqrt(squares[d] / rows);
            sum += scale[d];
        }
        double floor = SCALE_FLOOR * sum / scale.length;
        for (int d = 0; d < scale.length; d++) {
            scale[d] = sum == 0 ? 1 : Math.max(scale[d], floor);
        }
        return scale;
    }

    /** 0 for the identity; grows with each refinement. */
    public int version() {
        return version;
    }

    /** How many moments these statistics were taken from. */
    public int moments() {
        return moments;
    }

    /** Whether enough was seen to train on what these statistics standardise. */
    public boolean usable() {
        return version > 0;
    }

    /** Whether not all values were the same; if they were, every scale is 1. */
    public boolean varied() {
        return Arrays.stream(squares).anyMatch(square -> square > 0);
    }

    public int dim() {
        return mean.length;
    }

    /** Mean of a dimension, in the teacher's units. */
    public double mean(int d) {
        return scaling.mean(d);
    }

    /** Scale of a dimension, in the teacher's units; greater than 0. */
    public double scale(int d) {
        return scaling.scale(d);
    }

    /** What relates a value and its standardised form. */
    public RegionScaling scaling() {
        return scaling;
    }

    /**
     * Writes {@code z = (y - mean) / scale} of every float of the source into the target from float
     * {@code index} on.
     *
     * @return whether every result can be one of this region: finite and, once the statistics are
     *     usable, within 10,000 scales of the mean; if not, the target must not be used
     */
    public boolean standardize(MemorySegment source, MemorySegment target, long index) {
        return scaling.standardize(source, target, index, limit());
    }

    private float limit() {
        return usable() ? FARTHEST : Float.MAX_VALUE;
    }

    /** What {@link #standardize} returns, of floats that are standardised already. */
    public boolean areCredible(MemorySegment standardized) {
        long count = scaling.floats(standardized);
        float limit = limit();
        boolean credible = true;
        for (long i = 0; i < count; i++) {
            credible &=
                    Math.abs(standardized.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i)) <= limit;
        }
        return credible;
    }

    /**
     * Turns values standardised under {@code from} into the same values standardised under these
     * statistics, in place.
     */
    public void reexpress(MemorySegment values, Statistics from) {
        HeadCorrection affine = HeadCorrection.between(from, this);
        long count = scaling.floats(values);
        for (long i = 0; i < count; i += mean.length) {
            for (int d = 0; d < mean.length; d++) {
                float z = values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i + d);
                values.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i + d, affine.apply(d, z));
            }
        }
    }

    /** A collector that goes on where these statistics ended. */
    void resume(double[] meanOut, double[] squaresOut) {
        System.arraycopy(mean, 0, meanOut, 0, mean.length);
        System.arraycopy(squares, 0, squaresOut, 0, squares.length);
    }

    /** How many rows (tokens of moments) these statistics were taken from. */
    long rows() {
        return rows;
    }

    /** How many bytes {@link #writeTo} writes. */
    public static int bytes(int dim) {
        return 2 * Integer.BYTES + Long.BYTES + Integer.BYTES + 2 * Double.BYTES * dim;
    }

    /**
     * Writes these statistics in the buffer's byte order: version, moments, rows, dim, then mean
     * and sum of squares per dimension.
     */
    public void writeTo(ByteBuffer out) {
        out.putInt(version).putInt(moments).putLong(rows).putInt(mean.length);
        for (int d = 0; d < mean.length; d++) {
            out.putDouble(mean[d]).putDouble(squares[d]);
        }
    }

    /**
     * Reads back what {@link #writeTo} wrote.
     *
     * @throws IOException if the buffer ends early or the numbers make no sense
     */
    public static Statistics readFrom(ByteBuffer in) throws IOException {
        if (in.remaining() < bytes(0)) {
            throw new IOException("not statistics: bytes=" + in.remaining());
        }
        int version = in.getInt();
        int moments = in.getInt();
        long rows = in.getLong();
        int dim = in.getInt();
        if (version < 0
                || version > Standardizer.LAST_VERSION
                || moments < 0
                || rows < 0
                || dim < 1
                || dim > in.remaining() / (2 * Double.BYTES)
                || version > 0 && rows == 0) {
            throw new IOException(
                    "not statistics: version="
                            + version
                            + " moments="
                            + moments
                            + " rows="
                            + rows
                            + " dim="
                            + dim
                            + " bytes left="
                            + in.remaining());
        }
        double[] mean = new double[dim];
        double[] squares = new double[dim];
        for (int d = 0; d < dim; d++) {
            mean[d] = in.getDouble();
            squares[d] = in.getDouble();
            if (!Double.isFinite(mean[d]) || !(squares[d] >= 0) || Double.isInfinite(squares[d])) {
                throw new IOException(
                        "not statistics: mean=" + mean[d] + " squares=" + squares[d] + " at " + d);
            }
        }
        return new Statistics(version, moments, rows, mean, squares);
    }
}
