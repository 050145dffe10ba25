package io.fluxfoam.teacher.whisper;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.teacher.FeatureSpec;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelException;
import io.fluxfoam.teacher.Sample;
import io.fluxfoam.teacher.Sense;
import io.fluxfoam.teacher.Teacher;
import io.fluxfoam.teacher.TensorSpec;

import java.lang.foreign.MemorySegment;

/**
 * Listens to speech. Its features are one embedding for every 80 ms of the sound window: f32 [23,
 * 96] for one of 2.56 s.
 */
final class ListeningTeacher implements Teacher {
    /** Another number for every change of what it makes of the same models. */
    private static final String PREPROCESSING = "embeddings 1";

    private final ModelDirectory models;
    private final int threads;
    private SpeechEmbedding embedding;

    /** A teacher that loads its models later. */
    ListeningTeacher(ModelDirectory models, int threads) {
        this.models = models;
        this.threads = threads;
    }

    @Override
    public FeatureSpec features() {
        return new FeatureSpec(
                Sense.SOUND,
                shape(FrameShape.MAX_SOUND_SAMPLES),
                Alignment.SOUND,
                Axes.ROWS,
                PREPROCESSING + " " + models.identity(),
                true);
    }

    @Override
    public long[] shapeOf(Sample sample) {
        return shape(samples(sample));
    }

    private static long[] shape(int samples) {
        return new long[] {SpeechEmbedding.embeddings(samples), SpeechEmbedding.CHANNELS};
    }

    /**
     * Length of a sound window.
     *
     * @throws ModelException if it is none, or none that a sensor may publish
     */
    static int samples(Sample sample) {
        sample.require(Sense.SOUND, TensorSpec.ANY);
        long samples = sample.shape()[0];
        if (samples < 1 || samples > FrameShape.MAX_SOUND_SAMPLES) {
            throw new ModelException(
                    "sound window of "
                            + samples
                            + " samples: may have "
                            + FrameShape.MAX_SOUND_SAMPLES);
        }
        return (int) samples;
    }

    @Override
    public void load() {
        embedding = new SpeechEmbedding(models, threads, FrameShape.STANDARD.soundSamples());
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        embedding.embed(sample.payload(), features);
        return true;
    }

    @Override
    public void close() {
        if (embedding != null) {
            embedding.close();
        }
    }
}
