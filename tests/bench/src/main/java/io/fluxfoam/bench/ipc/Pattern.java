package io.fluxfoam.bench.ipc;

import java.util.Locale;

/** How much of a message its reader reads before the clock stops. */
enum Pattern {
    /** The first and the last cache line. */
    TOUCH,
    /** Every byte, as a student would. */
    ALL;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
