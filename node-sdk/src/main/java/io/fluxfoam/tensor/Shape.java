package io.fluxfoam.tensor;

import java.util.Arrays;

/**
 * Checks and sizes of shapes. A shape is a {@code long[]} of 0 to {@link #MAX_RANK} dimensions,
 * outermost first.
 */
public final class Shape {
    /** Most dimensions that a tensor may have. */
    public static final int MAX_RANK = 8;

    private Shape() {}

    /**
     * Number of elements; 1 for a scalar.
     *
     * @throws IllegalArgumentException if a dimension is negative, there are too many, or the
     *     product overflows
     */
    public static long elements(long... shape) {
        if (shape.length > MAX_RANK) {
            throw new IllegalArgumentException("rank=" + shape.length + " maxRank=" + MAX_RANK);
        }
        long elements = 1;
        for (long dim : shape) {
            if (dim < 0) {
                throw new IllegalArgumentException(
                        "negative dimension: shape=" + Arrays.toString(shape));
            }
            try {
                elements = Math.multiplyExact(elements, dim);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "shape overflows: shape=" + Arrays.toString(shape));
            }
        }
        return elements;
    }

    /** Size in bytes of a dense tensor. */
    public static long bytes(DType dtype, long... shape) {
        try {
            return Math.multiplyExact(elements(shape), dtype.bytes());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "shape overflows: shape=" + Arrays.toString(shape) + " dtype=" + dtype);
        }
    }
}
