package io.fluxfoam.bench.gpu;

import io.fluxfoam.stream.WaitMode;

/** How a tensor of ours gets from one process's kernel to another's. */
enum GpuRoute {
    /** In place through CUDA IPC; the reader's CPU waits for the stamp. */
    FOAM_POLL("foam", WaitMode.POLL, true),
    /** In place through CUDA IPC; the reader's GPU waits for the stamp. */
    FOAM_GPU("foam", WaitMode.GPU, true),
    /** Through a stream on the host: VRAM to host, hand-over there, host to VRAM. */
    STAGED("foam-staged", WaitMode.POLL, false);

    private final String label;
    private final WaitMode waiting;
    private final boolean isInPlace;

    GpuRoute(String label, WaitMode waiting, boolean isInPlace) {
        this.label = label;
        this.waiting = waiting;
        this.isInPlace = isInPlace;
    }

    String label() {
        return label;
    }

    WaitMode waiting() {
        return waiting;
    }

    /** Whether the stream is in the GPU's memory. */
    boolean isInPlace() {
        return isInPlace;
    }
}
