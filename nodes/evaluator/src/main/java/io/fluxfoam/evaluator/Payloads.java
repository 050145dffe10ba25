package io.fluxfoam.evaluator;

import io.fluxfoam.stream.Lease;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Copies of what a lease holds, for what must outlive it. */
final class Payloads {
    private Payloads() {}

    static float[] floats(Lease lease) {
        return lease.payload().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** Some of the floats. */
    static float[] floats(Lease lease, int from, int count) {
        MemorySegment part =
                lease.payload().asSlice((long) from * Float.BYTES, (long) count * Float.BYTES);
        return part.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** The rows of a tensor of two dimensions. */
    static float[][] rows(Lease lease) {
        if (lease.rank() != 2) {
            throw new IllegalArgumentException("not a matrix: rank=" + lease.rank());
        }
        float[][] rows = new float[Math.toIntExact(lease.dim(0))][];
        int dim = Math.toIntExact(lease.dim(1));
        for (int i = 0; i < rows.length; i++) {
            rows[i] = floats(lease, i * dim, dim);
        }
        return rows;
    }

    /** All whole numbers. */
    static long[] longs(Lease lease) {
        return lease.payload().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
    }

    static String text(Lease lease) {
        return new String(lease.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
}
