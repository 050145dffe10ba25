package io.fluxfoam.teacher.llm;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.teacher.FeatureSpec;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.Sample;
import io.fluxfoam.teacher.Sense;
import io.fluxfoam.teacher.Teacher;
import io.fluxfoam.teacher.TensorSpec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Understands captions. Its features are a caption's meaning: f32 [384], of length 1. An empty
 * caption means nothing.
 */
final class MeaningTeacher implements Teacher {
    /** Another number for every change of what it makes of the same models. */
    private static final String PREPROCESSING = "sentence 1";

    private final ModelDirectory models;
    private final int threads;
    private SentenceEmbedding embedding;

    /** A teacher that loads its models later. */
    MeaningTeacher(ModelDirectory models, int threads) {
        this.models = models;
        this.threads = threads;
    }

    @Override
    public FeatureSpec features() {
        return new FeatureSpec(
                Sense.CAPTION,
                new long[] {SentenceEmbedding.CHANNELS},
                Alignment.NONE,
                Axes.ROWS,
                PREPROCESSING + " " + models.identity(),
                true);
    }

    @Override
    public void load() {
        embedding = new SentenceEmbedding(models, threads);
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        sample.require(Sense.CAPTION, TensorSpec.ANY);
        String caption =
                new String(sample.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        if (caption.isBlank()) {
            return false;
        }
        embedding.embed(caption, features);
        return true;
    }

    /** Embeds a sentence that is no frame's caption; not while {@link #infer} runs. */
    void embed(String sentence, MemorySegment target) {
        embedding.embed(sentence, target);
    }

    @Override
    public void close() {
        if (embedding != null) {
            embedding.close();
        }
    }
}
