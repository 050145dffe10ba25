package io.fluxfoam.speech;

/**
 * A text read aloud in the time that an utterance has: {@link MelSpectrogram#SAMPLES} samples, of
 * which the first tenth of a second is silent; what is longer than there is room for is cut.
 *
 * @param samples none if there is nothing in the text that has a sound
 * @param isCut whether there was no time for all of it
 */
public record Recitation(float[] samples, boolean isCut) {
    /** Silence before the first sound. */
    private static final int ONSET_SAMPLES = 1_600;

    /** More cannot be said in the time there is. */
    private static final int MOST_CHARACTERS = 200;

    private static final Recitation NONE = new Recitation(new float[0], false);

    /** Has a text read. */
    public static Recitation of(String text, TextToSpeech voice) {
        String words = text.strip();
        boolean isLong = words.length() > MOST_CHARACTERS;
        float[] spoken =
                words.isEmpty()
                        ? new float[0]
                        : voice.speak(isLong ? words.substring(0, MOST_CHARACTERS) : words);
        if (spoken.length == 0) {
            return NONE;
        }
        float[] samples = new float[MelSpectrogram.SAMPLES];
        int room = samples.length - ONSET_SAMPLES;
        System.arraycopy(spoken, 0, samples, ONSET_SAMPLES, Math.min(room, spoken.length));
        return new Recitation(samples, isLong || spoken.length > room);
    }

    /** Whether there is nothing to be heard. */
    public boolean isSilent() {
        return samples.length == 0;
    }
}
