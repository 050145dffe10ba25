package io.fluxfoam.distill;

import java.util.Locale;

/** Which of a student's grids the tokens of a teacher's tensor stand on. */
public enum Alignment {
    /** Tokens are columns of the picture, from left to right. */
    PICTURE,
    /** Tokens are time steps of the sound window, from first to last. */
    SOUND,
    /** The tensor speaks of the frame as a whole. */
    NONE;

    /** The word for it in a manifest: {@code picture}, {@code sound} or {@code none}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The alignment a teacher announces in its manifest: {@code picture}, {@code sound} or {@code
     * none}.
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
                "aligned=\"" + text + "\" is none of picture, sound, none");
    }
}
