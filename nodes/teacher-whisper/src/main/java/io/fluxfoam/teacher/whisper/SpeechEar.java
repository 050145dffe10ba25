package io.fluxfoam.teacher.whisper;

import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.teacher.ModelDirectory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The speech teacher's models, listening to utterances. For one thread. */
final class SpeechEar implements AutoCloseable {
    private final SpeechEmbedding embedding;
    private final VoiceDetector detector;
    private final MemorySegment sound;
    private final MemorySegment features;

    /** Loads the models. */
    SpeechEar(ModelDirectory models, int threads) {
        embedding = new SpeechEmbedding(models, threads, MelSpectrogram.SAMPLES);
        detector = new VoiceDetector(models, threads);
        sound = floats(MelSpectrogram.SAMPLES);
        features =
                floats(
                        SpeechEmbedding.embeddings(MelSpectrogram.SAMPLES)
                                * SpeechEmbedding.CHANNELS);
    }

    private static MemorySegment floats(int count) {
        return Arena.ofAuto().allocate((long) count * Float.BYTES, 64);
    }

    /**
     * What the speech teacher makes of an utterance: an embedding for every 80 ms, each of length
     * 1, one after the other.
     *
     * @param utterance {@link MelSpectrogram#SAMPLES} samples in [-1, 1]
     */
    float[] directions(float[] utterance) {
        take(utterance);
        embedding.embed(sound, features);
        return Likeness.directions(features.toArray(ValueLayout.JAVA_FLOAT));
    }

    /** How sure it is that somebody speaks in an utterance, 0 to 1. */
    float speech(float[] utterance) {
        take(utterance);
        return detector.speech(sound);
    }

    private void take(float[] utterance) {
        MemorySegment.copy(utterance, 0, sound, ValueLayout.JAVA_FLOAT, 0, utterance.length);
    }

    @Override
    public void close() {
        embedding.close();
        detector.close();
    }
}
