package io.fluxfoam.device.cuda;

import jcuda.driver.JCudaDriver;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory that this process exports. A handle names a whole allocation and small allocations
 * share a page of 2 MiB, so streams are cut from few big arenas: one for most nodes, another only
 * if a stream does not fit any more. An arena is never freed or resized while the process lives,
 * because others may have it open. Belongs to the context's own thread.
 */
final class CudaArenas {
    /** System property: MiB of an arena, at least. */
    static final String ARENA_MIB_PROPERTY = "foam.cuda.arenaMiB";

    private static final long UNIT_BYTES = 2L << 20;
    private static final long ALIGNMENT_BYTES = 4096;
    private static final int DEFAULT_ARENA_MIB = 32;

    private final List<Arena> arenas = new ArrayList<>();

    /**
     * Exported memory.
     *
     * @param handle names the arena for other processes
     * @param address where the arena begins
     * @param arenaBytes size of the arena
     * @param offset where the memory begins in it
     * @param bytes size of the memory
     */
    record Exported(IpcHandle handle, long address, long arenaBytes, long offset, long bytes) {}

    private static final class Arena {
        private final long address;
        private final long bytes;
        private final IpcHandle handle;
        private long used;

        private Arena(long bytes) {
            GpuAddress allocation = allocateZeroed(bytes);
            this.address = allocation.value();
            this.bytes = bytes;
            this.handle = IpcHandle.of(allocation);
        }
    }

    /** An allocation of its own, all zero when it returns. */
    static GpuAddress allocateZeroed(long bytes) {
        GpuAddress allocation = new GpuAddress();
        int code = JCudaDriver.cuMemAlloc(allocation, bytes);
        if (code != 0) {
            throw new CudaException(
                    "cuMemAlloc", code, "bytes=" + bytes + " freeBytes=" + freeBytes());
        }
        CudaException.check(
                JCudaDriver.cuMemsetD8Async(allocation, (byte) 0, bytes, null),
                "cuMemsetD8Async",
                "bytes=" + bytes);
        CudaException.check(JCudaDriver.cuStreamSynchronize(null), "cuStreamSynchronize");
        return allocation;
    }

    /** The device's memory that no process has taken. */
    static long freeBytes() {
        long[] free = new long[1];
        CudaException.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "cuMemGetInfo");
        return free[0];
    }

    /** Cuts memory of zeros from the newest arena, or from a new one. */
    Exported allocate(long bytes) {
        Arena arena = arenas.isEmpty() ? null : arenas.getLast();
        if (arena == null || bytes > arena.bytes - arena.used) {
            long least = (long) Integer.getInteger(ARENA_MIB_PROPERTY, DEFAULT_ARENA_MIB) << 20;
            arena = new Arena(Math.ceilDiv(Math.max(bytes, least), UNIT_BYTES) * UNIT_BYTES);
            arenas.add(arena);
        }
        long offset = arena.used;
        arena.used += Math.ceilDiv(bytes, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
        return new Exported(arena.handle, arena.address, arena.bytes, offset, bytes);
    }

    /**
     * Address of our own arena with this handle; 0 if it is none of ours. A process cannot open its
     * own handle.
     */
    long addressOf(IpcHandle handle) {
        for (Arena arena : arenas) {
            if (arena.handle.key().equals(handle.key())) {
                return arena.address;
            }
        }
        return 0;
    }
}
