package io.fluxfoam.bridge;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;

/** Each slot's bytes as a buffer, made once: the SDK shows the same memory by the same segment. */
final class SlotBuffers {
    private final Map<MemorySegment, ByteBuffer> buffers = new IdentityHashMap<>();
    private final int most;

    SlotBuffers(int slots) {
        this.most = 2 * slots;
    }

    /** Those of a stream whose tensors change their size are made anew now and then. */
    ByteBuffer of(MemorySegment segment) {
        ByteBuffer buffer = buffers.get(segment);
        if (buffer == null) {
            if (buffers.size() >= most) {
                buffers.clear();
            }
            buffer = segment.asByteBuffer();
            buffers.put(segment, buffer);
        }
        return buffer;
    }

    void clear() {
        buffers.clear();
    }
}
