package io.fluxfoam.bench.transport;

import java.util.Locale;

/** How a reader waits for the next message. */
public enum Wait {
    /** Looks again at once: a core for each reader. */
    SPIN,
    /**
     * Spins, yields, then parks for longer and longer, up to a millisecond (Agrona's {@code
     * BackoffIdleStrategy}).
     */
    BACKOFF,
    /** Sleeps in the kernel until it is woken. */
    BLOCKING;

    /** Name in tables and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
