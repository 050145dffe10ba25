package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.measure.SampleStatistics;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How fast one thread copies memory of a size: the floor under every transport that copies. */
final class CopySpeed {
    private static final int RUNS = 3;
    private static final long BYTES_IN_RUN = 16L << 20;
    private static final long PAGE_BYTES = 4096;

    private CopySpeed() {}

    /** Bytes copied in a nanosecond, which is gigabytes a second; the median of some runs. */
    static double measure(long bytes) {
        int copies = (int) Math.max(1, BYTES_IN_RUN / bytes);
        double[] gigabytesPerSecond = new double[RUNS];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocate(bytes, PAGE_BYTES).fill((byte) 1);
            MemorySegment to = arena.allocate(bytes, PAGE_BYTES).fill((byte) 2);
            for (int run = 0; run < RUNS; run++) {
                long startNs = System.nanoTime();
                for (int i = 0; i < copies; i++) {
                    MemorySegment.copy(from, 0, to, 0, bytes);
                }
                gigabytesPerSecond[run] = (double) bytes * copies / (System.nanoTime() - startNs);
            }
        }
        return SampleStatistics.median(gigabytesPerSecond);
    }
}
