package io.fluxfoam.device;

import java.lang.foreign.MemorySegment;

/** The payload memory of one stream, all slots. Closing unmaps it and may be done twice. */
public interface Payload extends AutoCloseable {
    /** The bytes, if they can be reached by the CPU; read-only for readers. */
    MemorySegment segment();

    @Override
    void close();
}
