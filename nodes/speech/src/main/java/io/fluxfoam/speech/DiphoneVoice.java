package io.fluxfoam.speech;

import java.util.Locale;

/** FreeTTS's voice kevin16 at the middle of the pitches and rates of {@code scenes:}. */
public final class DiphoneVoice implements TextToSpeech {
    private static final float PITCH_HZ = 105;
    private static final float WORDS_PER_MINUTE = 170;

    /** All that decides what it says. */
    public static final String IDENTITY =
            String.format(
                    Locale.ROOT,
                    "freetts 1.2.2 kevin16 pitch=%.0f rate=%.0f",
                    PITCH_HZ,
                    WORDS_PER_MINUTE);

    private final Speaker speaker = new Speaker();

    /** Loads the voice. */
    public DiphoneVoice() {}

    @Override
    public float[] speak(String text) {
        try {
            return speaker.samples(text, PITCH_HZ, WORDS_PER_MINUTE);
        } catch (IllegalStateException e) {
            return new float[0]; // a text of signs that have no sound
        }
    }
}
