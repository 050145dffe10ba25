package io.fluxfoam.distill;

import java.util.Locale;
import java.util.Optional;

/**
 * What a teacher's memory does now. Its counter has the code.
 *
 * <pre>{@code
 * SHADOW -> BYPASS              as much has agreed as it takes
 * SHADOW, BYPASS <-> SAMPLING   it pays no more, it pays again
 * any -> CLOSED                 what it knew was not what was computed
 * }</pre>
 */
public enum MemoryState {
    /** It cannot keep anything: its error log says why. */
    OFF,

    /** Every input is looked up, computed and compared. */
    SHADOW,

    /** What it knows is not computed, but for spot checks. */
    BYPASS,

    /** It does not pay: a few inputs are looked up to see whether it would. */
    SAMPLING,

    /** It was wrong: it is not asked any more. */
    CLOSED;

    /** Number of the state in its counter. */
    public int code() {
        return ordinal();
    }

    /** The state of a number; empty if there is none. */
    public static Optional<MemoryState> ofCode(long code) {
        return code >= 0 && code < values().length
                ? Optional.of(values()[(int) code])
                : Optional.empty();
    }

    /** As commands and JSON show it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
