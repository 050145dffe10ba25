package io.fluxfoam.cli;

/**
 * How long to wait before a node that died is started again: 0.1 s, twice as long each time, never
 * more than 10 s, and 0.1 s again once a life has lasted 30 s. For one thread.
 */
final class Backoff {
    static final long LEAST_NS = 100_000_000L;
    static final long MOST_NS = 10_000_000_000L;
    static final long LONG_LIFE_NS = 30_000_000_000L;

    private long pauseNs = LEAST_NS;

    /** The pause after a life of this length. */
    long afterLife(long livedNs) {
        if (livedNs >= LONG_LIFE_NS) {
            pauseNs = LEAST_NS;
        }
        long now = pauseNs;
        pauseNs = Math.min(2 * pauseNs, MOST_NS);
        return now;
    }
}
