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
     * Loads the models; may take seconds.
     *
     * @throws ModelException if a model is missing, corrupt, or of another shape
     */
    void load();

    /**
     * Computes the features of one sample.
     *
     * @param sample read in place, valid during this call
     * @param features native memory of exactly the features' bytes, aligned to 4 bytes, old content
     *     undefined
     * @return false if this teacher has nothing to say about the sample; the features are then
     *     undefined
     * @throws ModelException if the sample has a shape that this teacher does not take
     */
    boolean infer(Sample sample, MemorySegment features);

    /** Frees the models. Closing twice, or before loading, is harmless. */
    @Override
    void close();
}
