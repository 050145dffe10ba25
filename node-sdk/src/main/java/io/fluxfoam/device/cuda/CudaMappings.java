package io.fluxfoam.device.cuda;

import jcuda.driver.JCudaDriver;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Other processes' arenas, each open once however many streams are read from it. Closed with the
 * last of them: memory of a dead process that somebody still has open stays taken on the GPU.
 * Belongs to the context's own thread.
 */
final class CudaMappings {
    private static final int LAZY_ENABLE_PEER_ACCESS = 1;

    private final Map<String, Mapping> byHandle = new HashMap<>();

    private static final class Mapping {
        private final GpuAddress address = new GpuAddress();
        private int users;
    }

    /** Opens an arena, or finds it open; returns where it begins. */
    long open(IpcHandle handle, long arenaBytes) {
        Mapping mapping = byHandle.get(handle.key());
        if (mapping == null) {
            mapping = new Mapping();
            CudaException.check(
                    JCudaDriver.cuIpcOpenMemHandle(
                            mapping.address, handle.toDriver(), LAZY_ENABLE_PEER_ACCESS),
                    "cuIpcOpenMemHandle",
                    "arenaBytes=" + arenaBytes);
            byHandle.put(handle.key(), mapping);
        }
        mapping.users++;
        return mapping.address.value();
    }

    /**
     * Takes one use back. The last one closes the arena, which waits for all work of the device.
     */
    void close(IpcHandle handle) {
        Mapping mapping = Objects.requireNonNull(byHandle.get(handle.key()), "closed twice");
        if (--mapping.users == 0) {
            byHandle.remove(handle.key());
            CudaException.check(
                    JCudaDriver.cuIpcCloseMemHandle(mapping.address), "cuIpcCloseMemHandle");
        }
    }
}
