package io.fluxfoam.teacher;

import io.fluxfoam.distill.Alignment;

import java.lang.foreign.MemorySegment;

/**
 * A frozen expert: it turns one sample of the sensor into the features that a student is to learn.
 * The same sample always gives the same features, whatever came before. {@link #load} runs on a
 * loader thread; everything else on one thread, after it.
 */
public interface Teacher extends AutoCloseable {
    /** What this teacher looks at. */
    Sense sense();

    /** Shape of its features, f32; known before {@link #load}. */
    long[] featureShape();

    /**
     * Which of a student's grids the tokens of its features stand on; known before {@link #load}.
     */
    Alignment aligned();

    /**
     * All that decides what it makes of a sample, but for the shape of its features: weights and
     * preprocessing, in any words; known before {@link #load}. Two teachers of one name with other
     * words are two teachers to a student.
     */
    String identity();

    /** Whether the tails of its features were looked at and need no bound. */
    default boolean scaleKnown() {
        return false;
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
