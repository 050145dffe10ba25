package io.fluxfoam.bench.measure;

import java.util.Locale;

/** Durations as people read them. */
public final class Durations {
    private Durations() {}

    /** With the unit that gives one to three digits before the point. */
    public static String text(double nanoseconds) {
        if (nanoseconds < 1e3) {
            return String.format(Locale.ROOT, "%.0f ns", nanoseconds);
        }
        return nanoseconds < 1e6
                ? String.format(Locale.ROOT, "%.2f us", nanoseconds / 1e3)
                : String.format(Locale.ROOT, "%.2f ms", nanoseconds / 1e6);
    }
}
