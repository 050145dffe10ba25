package io.fluxfoam.teacher;

import java.lang.foreign.MemorySegment;

/**
 * A frozen expert: it turns one sample of the sensor into the features that a student is to learn.
 * The same sample always gives the same features, whatever came before. {@link #load} runs on a
 * loader thread; everything else on one thread, after it.
 */
public interface Teacher extends AutoCloseable {
    /** What it makes of a sample; known before {@link #load}. */
    FeatureSpec features();

    /**
     * Shape of what it makes of a sample of this shape; no extent is above that of {@link
     * FeatureSpec#shape()}.
     *
     * @throws ModelException if it does not take such a sample
     */
    default long[] shapeOf(Sample sample) {
        return features().shape();
    }

    /**
     * Loads the models; may take seconds.
     *
     * @throws ModelException if a model is missing, corrupt, or of another shape
     */
    void load();

    /**
     * Computes the features of one sample.
     *
     * @param sample read in place, valid during this call
     * @param features native memory of exactly as many bytes as {@link #shapeOf} says, aligned to 4
     *     bytes, old content undefined
     * @return false if this teacher has nothing to say about the sample; the features are then
     *     undefined
     * @throws ModelException if the sample has a shape that this teacher does not take
     */
    boolean infer(Sample sample, MemorySegment features);

    /** Frees the models. Closing twice, or before loading, is harmless. */
    @Override
    void close();
}
