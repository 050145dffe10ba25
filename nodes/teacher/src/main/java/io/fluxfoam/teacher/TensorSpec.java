package io.fluxfoam.teacher;

import io.fluxfoam.tensor.DType;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Name, element type and shape of a model's input or output. A dimension of {@link #ANY} is left
 * open by the model.
 *
 * @param name name in the model's graph
 * @param type element type
 * @param shape one entry for each dimension; empty for a scalar or a rank that the model does not
 *     tell
 */
public record TensorSpec(String name, DType type, long... shape) {
    /** A dimension that the model leaves open. */
    public static final long ANY = -1;

    public TensorSpec {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /**
     * Whether a tensor of this shape (without open dimensions) is one that this spec describes. A
     * spec without dimensions accepts every shape: the runtime reports an unknown rank the same way
     * as a scalar.
     */
    public boolean accepts(long... actual) {
        if (shape.length == 0) {
            return true;
        }
        if (actual.length != shape.length) {
            return false;
        }
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] != ANY && shape[i] != actual[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether only a run tells its shape. */
    boolean isOpen() {
        return shape.length == 0 || Arrays.stream(shape).anyMatch(dimension -> dimension < 0);
    }

    /** Number of elements of a shape without open dimensions. */
    public static long elements(long... shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** A shape as people write it: {@code [1,3,48,?]}, the question mark for an open dimension. */
    public static String text(long... shape) {
        return Arrays.stream(shape)
                .mapToObj(dimension -> dimension == ANY ? "?" : Long.toString(dimension))
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorSpec that
                && name.equals(that.name)
                && type == that.type
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + type.hashCode()) + Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return name + " " + type.name().toLowerCase(Locale.ROOT) + " " + text(shape);
    }
}
