package io.fluxfoam.distill;

import org.jspecify.annotations.Nullable;

/** Who heard what the student says aloud. */
public enum EarKind {
    /** The evaluator itself, by the nearest spectrogram. */
    SPECTROGRAM("spectrogram"),

    /** A node of the role {@link Roles#EAR}, by the speech teacher's model. */
    SPEECH("speech");

    private static final EarKind[] ALL = values();

    private final String text;

    EarKind(String text) {
        this.text = text;
    }

    /** As the JSON has it. */
    public String text() {
        return text;
    }

    /** The kind of this ordinal, as counters have it; null if there is none. */
    public static @Nullable EarKind of(long ordinal) {
        return ordinal < 0 || ordinal >= ALL.length ? null : ALL[(int) ordinal];
    }
}
