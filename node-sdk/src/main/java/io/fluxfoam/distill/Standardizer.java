package io.fluxfoam.distill;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Collects the {@link Statistics} of one region from the moments that come in (Welford, in
 * doubles). They become usable after 64 moments, are refined at 128, 256 and 512, and are frozen at
 * 1,024: each refinement makes every head's exact correction and every stored target's
 * re-expression necessary, so there are few.
 *
 * <p>Only TRAIN moments may be given. {@link #collect} is called by one thread; {@link
 * #statistics()} by any.
 */
public final class Standardizer {
    private static final int[] REFINE_AT_MOMENTS = {64, 128, 256, 512, 1024};

    /** Version of the statistics that are frozen. */
    public static final int LAST_VERSION = REFINE_AT_MOMENTS.length;

    private final double[] mean;
    private final double[] squares;
    private long rows;
    private int moments;
    private volatile Statistics statistics;

    /** Collects from nothing, for rows of this many floats. */
    public Standardizer(int dim) {
        this(Statistics.identity(dim));
    }

    /** Goes on from what was known, for example when a checkpoint was written. */
    public Standardizer(Statistics known) {
        mean = new double[known.dim()];
        squares = new double[known.dim()];
        known.resume(mean, squares);
        rows = known.rows();
        moments = known.moments();
        statistics = known;
    }

    /** The newest statistics. */
    public Statistics statistics() {
        return statistics;
    }

    /** Whether the last refinement was made; what is collected from now on changes nothing. */
    public boolean frozen() {
        return statistics.version() == LAST_VERSION;
    }

    /**
     * Takes one TRAIN moment's tensor into account, {@code tokens x dim} floats, all finite.
     *
     * @return whether {@link #statistics()} changed
     */
    public boolean collect(MemorySegment values) {
        if (frozen()) {
            return false;
        }
        long count = values.byteSize() / Float.BYTES;
        for (long i = 0; i < count; i += mean.length) {
            double share = 1.0 / ++rows;
            for (int d = 0; d < mean.length; d++) {
                double y = values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i + d);
                double delta = y - mean[d];
                mean[d] += delta * share;
                squares[d] += delta * (y - mean[d]);
            }
        }
        return refine();
    }

    /** How many rows (tokens of moments) were collected. */
    public long rows() {
        return rows;
    }

    /** Writes what was collected, f64 for each dimension, for a device that goes on collecting. */
    public void copyTo(MemorySegment meanOut, MemorySegment squaresOut) {
        for (int d = 0; d < mean.length; d++) {
            meanOut.setAtIndex(ValueLayout.JAVA_DOUBLE, d, mean[d]);
            squaresOut.setAtIndex(ValueLayout.JAVA_DOUBLE, d, squares[d]);
        }
    }

    /**
     * Takes one TRAIN moment into account that a device has collected, after {@link #copyTo}.
     *
     * @param tokens rows of the moment
     * @param newMean f64 for each dimension, the moment included
     * @param newSquares sums of squared deviations, the moment included
     * @return whether {@link #statistics()} changed
     */
    public boolean collected(int tokens, MemorySegment newMean, MemorySegment newSquares) {
        if (frozen()) {
            return false;
        }
        for (int d = 0; d < mean.length; d++) {
            mean[d] = newMean.getAtIndex(ValueLayout.JAVA_DOUBLE, d);
            squares[d] = newSquares.getAtIndex(ValueLayout.JAVA_DOUBLE, d);
        }
        rows += tokens;
        return refine();
    }

    private boolean refine() {
        if (++moments < REFINE_AT_MOMENTS[statistics.version()]) {
            return false;
        }
        statistics = Statistics.of(statistics.version() + 1, moments, rows, mean, squares);
        return true;
    }
}
