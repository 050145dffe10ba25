package io.fluxfoam.bench.ipc;

/**
 * How much of a cell one repetition measures, by the size of its messages.
 *
 * @param warmups messages before the first that counts
 * @param samples latencies, at most
 * @param latencyNs time for them
 * @param messages messages of the rate, at most; they bound the memory of a transport that keeps
 *     all it was given
 * @param rateNs time for them
 */
record Budget(int warmups, int samples, long latencyNs, long messages, long rateNs) {
    private static final long QUEUE_BYTES = 1L << 30;
    private static final long MAX_MESSAGES = 2_000_000;

    /** A minute for everything. */
    static Budget quick(long payloadBytes) {
        return of(payloadBytes, 300, 45_000_000, 40_000_000);
    }

    /** Enough for p99.9 from five repetitions. */
    static Budget full(long payloadBytes) {
        return of(payloadBytes, 2_500, 800_000_000, 500_000_000);
    }

    /** A sign of life. */
    static Budget smoke(long payloadBytes) {
        return of(payloadBytes, 20, 5_000_000, 5_000_000);
    }

    /** As much, with this many times the messages and the time of the rate. */
    Budget timesLonger(int times) {
        return new Budget(warmups, samples, latencyNs, messages * times, rateNs * times);
    }

    private static Budget of(long payloadBytes, int samples, long latencyNs, long rateNs) {
        int fit = (int) Math.max(4, QUEUE_BYTES / payloadBytes);
        int warmups = Math.min(samples / 10, Math.max(2, fit / 8));
        return new Budget(
                warmups,
                Math.min(samples, fit - warmups),
                latencyNs,
                Math.min(MAX_MESSAGES, fit - warmups),
                rateNs);
    }
}
