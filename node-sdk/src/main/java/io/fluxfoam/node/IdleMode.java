package io.fluxfoam.node;

/**
 * How a duty cycle waits that finds nothing to do. {@code docs/PERFORMANCE.md} has what each costs
 * a loop of seven processes.
 */
public enum IdleMode {
    /** Turns without a pause: the lowest latency, for a core of its own. */
    SPIN,

    /**
     * Spins, yields, then parks for longer and longer: for a kernel or sandbox without {@code
     * futex_waitv}.
     */
    BACKOFF,

    /** Sleeps in the kernel until one of its streams' doorbells rings: the default. */
    SLEEP
}
