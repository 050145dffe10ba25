package io.fluxfoam.device;

import io.fluxfoam.memory.Bulk;
import io.fluxfoam.memory.Words;

import java.lang.foreign.MemorySegment;

/** The host's queue: whoever queues work does it, so it is always done. Thread-safe. */
record HostQueue(Device device) implements WorkQueue {
    @Override
    public void copy(DeviceMemory from, DeviceMemory to, long bytes) {
        Bulk.copy(from.segment(), to.segment(), bytes);
    }

    @Override
    public Fence fence(MemorySegment control, Words words) {
        return new HostFence(words);
    }

    @Override
    public boolean isIdle() {
        return true;
    }

    @Override
    public void await(long timeoutNs) {
        // all work is done
    }

    @Override
    public long handle() {
        return 0;
    }
}
