package io.fluxfoam.device;

import java.lang.foreign.MemorySegment;

/** The payload memory of one stream, all slots. Closing unmaps it and may be done twice. */
public interface Payload extends AutoCloseable {
    /** The device that the bytes live on. */
    Device device();

    /** The bytes. On the host read-only for readers; what a reader has of a GPU's it must not write, though it could. */
    DeviceMemory memory();

    /** The bytes, if they can be reached by the CPU; read-only for readers. */
    default MemorySegment segment() {
        return memory().segment();
    }

    @Override
    void close();
}
