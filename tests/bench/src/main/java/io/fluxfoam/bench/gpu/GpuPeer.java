package io.fluxfoam.bench.gpu;

import java.io.IOException;

/**
 * One way to hand tensors of one size over, ready to be measured again and again: its processes
 * wait while others are measured.
 */
interface GpuPeer extends AutoCloseable {
    /** One repetition. Whoever fails once is not asked again. */
    GpuRow.Repetition measure(GpuBudget budget) throws IOException, InterruptedException;

    /** Kills its processes. */
    @Override
    void close();
}
