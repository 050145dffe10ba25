package io.fluxfoam.student.net;

import java.util.Locale;

/** Which of the student's grids the tokens of a teacher's tensor stand on. */
public enum Alignment {
    /** Tokens are columns of the picture, from left to right. */
    PICTURE,
    /** Tokens are time steps of the sound window, from first to last. */
    SOUND,
    /** The tensor speaks of the frame as a whole. */
    NONE;

    /**
     * The alignment a teacher announces in its manifest: {@code picture}, {@code sound} or {@code
     * none}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Alignment parse(String text) {
        for (Alignment alignment : values()) {
            if (alignment.name().toLowerCase(Locale.ROOT).equals(text)) {
                return alignment;
            }
        }
        throw new IllegalArgumentException(
                "aligned=\"" + text + "\" is none of picture, sound, none");
    }
}
