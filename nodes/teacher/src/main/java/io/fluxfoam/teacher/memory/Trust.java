package io.fluxfoam.teacher.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * How far a namespace is believed. It begins as exact: what is computed again is the same, bit for
 * bit. A life that has seen that often enough relies on it, and goes on looking now and then. One
 * result that is another ends it for good, unless the two differ only as results of a runtime do
 * that adds up in another order each time: then the namespace is approximate, has to agree far more
 * often, and relies on a result only for a while.
 *
 * <pre>{@code
 * EXACT -> APPROXIMATE   differs, within the tolerance
 * EXACT -> CLOSED        differs
 * APPROXIMATE            differs beyond the tolerance: begins to count anew
 * }</pre>
 */
final class Trust {
    /** What a namespace is taken for. */
    enum Kind {
        EXACT(32, 1. / 200),
        APPROXIMATE(300, 1. / 100),
        CLOSED(Integer.MAX_VALUE, 1);

        private final int agreements;
        private final double checked;

        Kind(int agreements, double checked) {
            this.agreements = agreements;
            this.checked = checked;
        }
    }

    /** Of the norm of what was computed. */
    static final double TOLERANCE = 1e-3;

    private final SplittableRandom random;
    private Kind kind;
    private int agreements;

    /**
     * @param kind what an earlier life took it for
     * @param seed of which results are computed all the same
     */
    Trust(Kind kind, long seed) {
        this.kind = kind;
        this.random = new SplittableRandom(seed);
    }

    Kind kind() {
        return kind;
    }

    boolean isClosed() {
        return kind == Kind.CLOSED;
    }

    int agreements() {
        return agreements;
    }

    /** Whether as much has agreed as it takes. */
    boolean isEarned() {
        return agreements >= kind.agreements;
    }

    /** Whether the next result is one that is computed all the same. Asked once for each. */
    boolean isSpotCheck() {
        return random.nextDouble() < kind.checked;
    }

    /** Whether a divergence is none that means anything. */
    boolean agrees(double divergence) {
        return kind == Kind.EXACT ? divergence == 0 : divergence <= TOLERANCE;
    }

    void agreed() {
        agreements = Math.min(agreements + 1, Integer.MAX_VALUE - 1);
    }

    /** A result was another. */
    void differed(double divergence) {
        agreements = 0;
        if (kind == Kind.EXACT) {
            kind = divergence <= TOLERANCE ? Kind.APPROXIMATE : Kind.CLOSED;
        }
    }

    /**
     * Norm of the difference of two f32 tensors of one size over that of the first; 0 only if they
     * are the same bit for bit, infinite if they cannot be compared.
     */
    static double divergence(MemorySegment computed, MemorySegment stored) {
        if (computed.byteSize() != stored.byteSize()) {
            return Double.POSITIVE_INFINITY;
        }
        if (computed.mismatch(stored) < 0) {
            return 0;
        }
        double difference = 0;
        double norm = 0;
        for (long i = 0; i < computed.byteSize() / Float.BYTES; i++) {
            double value = computed.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            double other = stored.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            difference += (value - other) * (value - other);
            norm += value * value;
        }
        double divergence = Math.sqrt(difference / (norm + Double.MIN_NORMAL));
        if (Double.isNaN(divergence)) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.max(divergence, Double.MIN_VALUE); // -0 and 0 differ in a bit
    }
}
