package io.fluxfoam.distill;

import java.util.Locale;

/** Which of a student's grids the tokens of a teacher's tensor stand on. */
public enum Alignment {
    /** Tokens are columns of the picture, from left to right. */
    PICTURE,
    /** Tokens are time steps of the sound window, from first to last. */
    SOUND,
    /** The tensor speaks of the frame as a whole. */
    NONE,
    /**
     * Tokens are time steps of an utterance that says what is seen: on no grid of a student's,
     * since how long each letter takes is what it has to learn.
     */
    SPEECH;

    /**
     * The word for it in a manifest: {@code picture}, {@code sound}, {@code none} or {@code
     * speech}.
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The alignment a teacher announces in its manifest by its word.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Alignment parse(String text) {
        for (Alignment alignment : values()) {
            if (alignment.text().equals(text)) {
                return alignment;
            }
        }
        throw new IllegalArgumentException(
                "aligned=\"" + text + "\" is none of picture, sound, none, speech");
    }
}
