package io.fluxfoam.teacher.whisper;

import io.fluxfoam.speech.Recitation;
import io.fluxfoam.speech.TextToSpeech;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How sentences sound to the speech teacher when they are read aloud, in the voice in which the
 * voice teacher reads captions. Each is read and heard once; bounded: what was not asked for
 * longest gives way.
 */
final class Canon {
    /** 72 MB. */
    private static final int MOST = 8_192;

    private static final float[] SILENT = {};

    private final TextToSpeech voice;
    private final SpeechEar ear;
    private final Map<String, float[]> known = new LinkedHashMap<>(16, .75f, true);

    Canon(TextToSpeech voice, SpeechEar ear) {
        this.voice = voice;
        this.ear = ear;
    }

    /** Reads and hears a sentence, unless it is known. */
    void learn(String sentence) {
        if (known.containsKey(sentence)) {
            return;
        }
        Recitation recited = Recitation.of(sentence, voice);
        float[] directions = recited.isSilent() ? SILENT : ear.directions(recited.samples());
        if (known.size() == MOST) {
            known.remove(known.keySet().iterator().next());
        }
        known.put(sentence, directions);
    }

    /** Whether a sentence is known; also one that has no sound. */
    boolean knows(String sentence) {
        return known.containsKey(sentence);
    }

    /** Whether a sentence is known, and there is something to be heard of it. */
    boolean hasSound(String sentence) {
        return known.getOrDefault(sentence, SILENT).length > 0;
    }

    /** How many sentences are known. */
    int size() {
        return known.size();
    }

    /**
     * How alike an utterance and a sentence are; NaN if it is not known, or has no sound.
     *
     * @param utterance as {@link SpeechEar#directions} hears it
     */
    float likeness(float[] utterance, String sentence) {
        float[] directions = known.getOrDefault(sentence, SILENT);
        return directions.length == utterance.length
                ? Likeness.of(utterance, directions)
                : Float.NaN;
    }
}
