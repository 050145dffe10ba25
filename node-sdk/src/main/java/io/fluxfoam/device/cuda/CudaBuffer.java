package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.DeviceMemory;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Memory of this process alone, on the GPU or pinned on the host. Freed by the context's own
 * thread, which waits for its work.
 */
final class CudaBuffer implements Buffer {
    private final DeviceMemory memory;
    private final Runnable free;
    private final AtomicBoolean closed = new AtomicBoolean();

    CudaBuffer(DeviceMemory memory, Runnable free) {
        this.memory = memory;
        this.free = free;
    }

    @Override
    public DeviceMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            free.run();
        }
    }
}
