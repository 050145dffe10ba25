package io.fluxfoam.distill;

import org.jspecify.annotations.Nullable;

/** What a verdict rests on. */
public enum VerdictCause {
    NOTHING("as usual"),
    RESIDUAL("farther from what the student learned of it"),
    AGREEMENT("the other teachers no longer find the same frames alike"),
    SCALE("its values are larger or smaller"),
    CHANGE("it says nearly the same of different frames"),
    DRIFT("its values drift"),
    RANK("its values fill fewer directions"),
    ODD_FRAMES("single frames are far off, too often"),
    WORLD("the world has changed, not this teacher alone"),
    GONE("it has left");

    private static final VerdictCause[] ALL = values();

    private final String text;

    VerdictCause(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }

    /** The cause of this ordinal, as counters have it; null if there is none. */
    public static @Nullable VerdictCause of(long ordinal) {
        return ordinal < 0 || ordinal >= ALL.length ? null : ALL[(int) ordinal];
    }
}
