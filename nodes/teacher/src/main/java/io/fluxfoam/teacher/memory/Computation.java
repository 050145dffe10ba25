package io.fluxfoam.teacher.memory;

/** What the memory may save. */
@FunctionalInterface
public interface Computation {
    /** Writes the features; false if there are none. */
    boolean compute();
}
