package io.fluxfoam.teacher.voice;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.speech.Recitation;
import io.fluxfoam.speech.TextToSpeech;
import io.fluxfoam.teacher.FeatureSpec;
import io.fluxfoam.teacher.Sample;
import io.fluxfoam.teacher.Sense;
import io.fluxfoam.teacher.Teacher;
import io.fluxfoam.teacher.TensorSpec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads captions aloud. Its features are the spectrogram of a caption's one utterance, f32 [160,
 * 40], whatever the frame's own sound is: it hears only the caption. What is longer than there is
 * room for is cut, counted, and told once. An empty caption, or one that has no sound, says
 * nothing.
 */
final class SpeakingTeacher implements Teacher {
    /** Another number for every change of what it makes of the same utterance. */
    private static final String PREPROCESSING = "utterance 1";

    /** What a world holds: 26 MB. */
    private static final int KEPT_UTTERANCES = Candidates.MAX_CAPTIONS;

    private final Supplier<? extends TextToSpeech> loading;
    private final String identity;
    private final Consumer<String> terminal;
    private final Map<String, float[]> utterances = new LinkedHashMap<>(16, .75f, true);
    private TextToSpeech voice;
    private MelSpectrogram spectrogram;
    private volatile long cut;

    /**
     * A teacher that loads its voice later.
     *
     * @param identity all that decides what the voice says
     * @param terminal takes a line
     */
    SpeakingTeacher(
            Supplier<? extends TextToSpeech> loading, String identity, Consumer<String> terminal) {
        this.loading = loading;
        this.identity = identity;
        this.terminal = terminal;
    }

    @Override
    public FeatureSpec features() {
        return new FeatureSpec(
                Sense.CAPTION,
                new long[] {MelSpectrogram.STEPS, MelSpectrogram.BANDS},
                Alignment.SPEECH,
                Axes.ROWS,
                PREPROCESSING + " " + identity,
                true);
    }

    @Override
    public void load() {
        voice = loading.get();
        spectrogram = new MelSpectrogram();
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        sample.require(Sense.CAPTION, TensorSpec.ANY);
        String caption =
                new String(sample.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8)
                        .strip();
        float[] utterance = utterances.get(caption);
        if (utterance == null) {
            utterance = utterance(caption);
            if (utterances.size() == KEPT_UTTERANCES) {
                utterances.remove(utterances.keySet().iterator().next());
            }
            utterances.put(caption, utterance);
        }
        MemorySegment.copy(utterance, 0, features, ValueLayout.JAVA_FLOAT, 0, utterance.length);
        return utterance.length > 0;
    }

    private float[] utterance(String caption) {
        Recitation recited = Recitation.of(caption, voice);
        if (recited.isSilent()) {
            return new float[0];
        }
        if (recited.isCut()) {
            cut++;
            if (cut == 1) {
                terminal.accept("there is no time to read all of \"" + caption + "\": cut");
            }
        }
        float[] utterance = new float[MelSpectrogram.LENGTH];
        spectrogram.compute(recited.samples(), utterance);
        return utterance;
    }

    /** Captions whose utterance was cut. From any thread. */
    long cut() {
        return cut;
    }

    @Override
    public void close() {
        // A voice has nothing outside of the heap.
    }
}
