package io.fluxfoam.stream;

/**
 * Events a second over the last two seconds, from samples of a growing count. NaN until half a
 * second has been seen.
 */
public final class CommitRate {
    private static final int SAMPLES = 16;
    private static final long WINDOW_NS = 2_000_000_000L;
    private static final long SAMPLE_EVERY_NS = WINDOW_NS / (SAMPLES - 1);
    private static final long LEAST_NS = 500_000_000L;

    private final long[] times = new long[SAMPLES];
    private final long[] counts = new long[SAMPLES];
    private int samples;
    private int next;

    /** Takes the count as of now and returns the rate. */
    public double update(long nowNs, long count) {
        int newest = (next + SAMPLES - 1) % SAMPLES;
        if (samples == 0 || nowNs - times[newest] >= SAMPLE_EVERY_NS) {
            times[next] = nowNs;
            counts[next] = count;
            next = (next + 1) % SAMPLES;
            samples = Math.min(samples + 1, SAMPLES);
        }
        int oldest = (next + SAMPLES - samples) % SAMPLES;
        while (samples > 1 && nowNs - times[oldest] > WINDOW_NS + SAMPLE_EVERY_NS) {
            samples--;
            oldest = (oldest + 1) % SAMPLES;
        }
        long elapsedNs = nowNs - times[oldest];
        return elapsedNs < LEAST_NS ? Double.NaN : (count - counts[oldest]) * 1e9 / elapsedNs;
    }
}
