package io.fluxfoam.bridge.transport;

import java.nio.ByteBuffer;

/** Where tensors are put together. Each that was opened is committed or aborted. */
public interface FrameSink {
    /**
     * A tensor begins: where its bytes go, at least as many as it has; null if it is not wanted, as
     * it was here before or is none of this stream's.
     */
    ByteBuffer open(FrameHead head);

    /** All its bytes are there, and are what was sent, with this CRC-32C. */
    void commit(FrameHead head, int crc32c);

    /** It did not come whole. */
    void abort();
}
