package io.fluxfoam.device;

import io.fluxfoam.memory.Words;

import java.lang.foreign.MemorySegment;

/**
 * Work for a device, done in the order in which it was queued. On a GPU the calls return before the
 * work is done; on the host they do it at once. Belongs to the thread that asked its device for it.
 */
public interface WorkQueue {
    Device device();

    /**
     * Copies the first bytes of one range into another; at least one of them is this device's, the
     * other may be the host's.
     */
    void copy(DeviceMemory from, DeviceMemory to, long bytes);

    /**
     * Lets the device reach the words of a mapped control file, in the order of this queue. Ended
     * by closing the fence.
     *
     * @param control the file, whose pages a GPU must have for itself
     * @param words its words as the CPU reaches them
     */
    Fence fence(MemorySegment control, Words words);

    /** Whether all work is done. */
    boolean isIdle();

    /**
     * Waits until all work queued so far is done.
     *
     * @throws IllegalStateException if it is not after {@code timeoutNs}
     */
    void await(long timeoutNs);

    /**
     * The queue's native handle, for libraries that are to work in its order (a {@code CUstream});
     * 0 on the host.
     */
    long handle();
}
