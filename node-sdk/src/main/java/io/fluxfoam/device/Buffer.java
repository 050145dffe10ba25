package io.fluxfoam.device;

/**
 * Memory of this process's own, zero at first. Closing frees it once no queued work uses it, and
 * may be done twice.
 */
public interface Buffer extends AutoCloseable {
    DeviceMemory memory();

    @Override
    void close();
}
