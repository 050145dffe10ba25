package io.fluxfoam.sensor.emoji;

import io.fluxfoam.speech.Speaker;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The things' names as they are spoken; each once, when it is first wanted. Not thread-safe. */
final class SpokenNames {
    private static final float PITCH_HZ = 105;
    private static final float WORDS_PER_MINUTE = 160;

    private @Nullable Speaker speaker;
    private final List<String> captions;
    private final float[][] spoken;

    SpokenNames(List<String> captions) {
        this.captions = captions;
        this.spoken = new float[captions.size()][];
    }

    /** The name of a thing as it is spoken, not to be written to. */
    float[] spoken(int thing) {
        if (speaker == null) {
            speaker = new Speaker();
        }
        if (spoken[thing] == null) {
            spoken[thing] = speaker.samples(captions.get(thing), PITCH_HZ, WORDS_PER_MINUTE);
        }
        return spoken[thing];
    }
}
