package io.fluxfoam.chaos;

import java.util.Locale;

/**
 * One entry of a plan.
 *
 * @param atMillis when, since the run began
 * @param fault what
 * @param target node that it is aimed at; {@code *} if at none
 */
record Torment(long atMillis, Fault fault, String target) {
    static final String NO_TARGET = "*";

    /** The line of a plan's file. */
    String line() {
        return String.format(Locale.ROOT, "%.3f %s %s", atMillis / 1e3, fault.label(), target);
    }
}
