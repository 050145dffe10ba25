package io.fluxfoam.teacher.whisper;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.teacher.FeatureSpec;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.Sample;
import io.fluxfoam.teacher.Sense;
import io.fluxfoam.teacher.Teacher;

import java.lang.foreign.MemorySegment;

/**
 * Listens to speech. Its features are one embedding for every 80 ms of the sound window: f32 [23,
 * 96].
 */
final class ListeningTeacher implements Teacher {
    /** Another number for every change of what it makes of the same models. */
    private static final String PREPROCESSING = "embeddings 1";

    /** Length of a sound window. */
    static final int SAMPLES = FrameShape.STANDARD_SOUND_SAMPLES;

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
                new long[] {SpeechEmbedding.embeddings(SAMPLES), SpeechEmbedding.CHANNELS},
                Alignment.SOUND,
                PREPROCESSING + " " + models.identity(),
                true);
    }

    @Override
    public void load() {
        embedding = new SpeechEmbedding(models, threads, SAMPLES);
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        sample.require(Sense.SOUND, SAMPLES);
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
