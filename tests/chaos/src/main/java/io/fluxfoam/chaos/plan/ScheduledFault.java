package io.fluxfoam.chaos.plan;

import java.util.Locale;

/**
 * One entry of a plan.
 *
 * @param atMillis when, since the run began
 * @param kind what
 * @param target node that it is aimed at; {@code *} if at none
 */
public record ScheduledFault(long atMillis, FaultKind kind, String target) {
    public static final String NO_TARGET = "*";

    /** The line of a plan's file. */
    public String line() {
        return String.format(Locale.ROOT, "%.3f %s %s", atMillis / 1e3, kind.label(), target);
    }
}
