package io.fluxfoam.distill;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** Where a teacher stands with an evaluator. */
public enum TeacherState {
    /** Too little was seen of it to say what is usual. Its word counts. */
    WARM_UP,
    /** It says what is usual of it. */
    ACTIVE,
    /** Something about it has changed; its word counts the less the surer that is. */
    SUSPECT,
    /** It is not what it was. Nothing that it says is learned until it is again. */
    QUARANTINED,
    /** It has left; it is judged again when it returns. */
    RETIRED;

    private static final TeacherState[] ALL = values();

    /** As the status says it: {@code warm-up}, {@code active} and so on. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The state of this ordinal, as counters have it; null if there is none. */
    public static @Nullable TeacherState of(long ordinal) {
        return ordinal < 0 || ordinal >= ALL.length ? null : ALL[(int) ordinal];
    }
}
