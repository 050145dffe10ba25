package io.fluxfoam.student.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Writes the first values of a parameter. */
@FunctionalInterface
interface Initializer {
    /**
     * Fills the floats of one parameter; the random numbers are a function of seed and parameter
     * name alone.
     */
    void fill(MemorySegment values, SplittableRandom random);

    /** The same value everywhere. */
    static Initializer constant(float value) {
        return (values, _) -> {
            for (long i = 0; i < values.byteSize() / Float.BYTES; i++) {
                values.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            }
        };
    }

    /** Normal numbers with this standard deviation. */
    static Initializer normal(double deviation) {
        return (values, random) -> {
            RandomGenerator gaussian = random;
            for (long i = 0; i < values.byteSize() / Float.BYTES; i++) {
                values.setAtIndex(
                        ValueLayout.JAVA_FLOAT, i, (float) (gaussian.nextGaussian() * deviation));
            }
        };
    }
}
