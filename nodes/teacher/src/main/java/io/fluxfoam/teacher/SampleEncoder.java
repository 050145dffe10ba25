package io.fluxfoam.teacher;

import java.lang.foreign.MemorySegment;

/** Turns a sample of the sensor into a model's input. */
interface SampleEncoder {
    /** Which samples it takes. */
    Sense sense();

    /** Shape of the f32 tensor it makes, batch axis included. */
    long[] shape();

    /**
     * Encodes one sample.
     *
     * @param target native memory of exactly the shape's bytes
     * @throws ModelException with both shapes if the sample is of a shape that cannot be encoded
     */
    void encode(Sample sample, MemorySegment target);

    /** Encodes a sample without meaning in which every value occurs, always the same. */
    void encodeNoise(MemorySegment target);
}
