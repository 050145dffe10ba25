package io.fluxfoam.bench.bridge;

import io.fluxfoam.bench.measure.SampleStatistics;

import java.util.Arrays;

/** What came over all links of some frames, and how long after its commit. */
final class Arrivals {
    private final long firstFrame;
    private final long[] committedNs;
    private long[] tookNs = new long[1 << 12];
    private int count;
    private long bytes;

    /** Of this many frames from this one on; what comes of earlier ones is passed over. */
    Arrivals(long firstFrame, int frames) {
        this.firstFrame = firstFrame;
        committedNs = new long[frames];
    }

    void committed(long frame, long nowNs) {
        committedNs[(int) (frame - firstFrame)] = nowNs;
    }

    void add(long frame, long payloadBytes, long nowNs) {
        if (frame < firstFrame) {
            return;
        }
        if (count == tookNs.length) {
            tookNs = Arrays.copyOf(tookNs, 2 * count);
        }
        tookNs[count++] = nowNs - committedNs[(int) (frame - firstFrame)];
        bytes += payloadBytes;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    /** The time that this part of them did not exceed; 0 if nothing came. */
    double millis(double part) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(tookNs, count);
        Arrays.sort(sorted);
        return SampleStatistics.percentile(sorted, part) / 1e6;
    }
}
