package io.fluxfoam.teacher;

import java.lang.foreign.MemorySegment;

/**
 * One tensor of a sensor's stream, read in place. Valid only during the call it is handed to:
 * afterwards the sensor may write the slot anew.
 *
 * @param payload the sensor's own bytes, read-only
 * @param shape their shape
 */
public record Sample(MemorySegment payload, long... shape) {
    /**
     * Demands a shape.
     *
     * @param expected the shape, {@link TensorSpec#ANY} for a dimension that may be anything
     * @throws ModelException with both shapes if it is another
     */
    public void require(Sense sense, long... expected) {
        boolean same = shape.length == expected.length;
        for (int i = 0; same && i < expected.length; i++) {
            same = expected[i] == TensorSpec.ANY || expected[i] == shape[i];
        }
        if (!same) {
            throw new ModelException(
                    "wrong shape for "
                            + sense.stream()
                            + ": expected "
                            + TensorSpec.text(expected)
                            + ", actual "
                            + TensorSpec.text(shape));
        }
    }
}
