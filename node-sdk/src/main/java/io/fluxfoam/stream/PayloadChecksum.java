package io.fluxfoam.stream;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C of slots' payloads. Allocates nothing for payloads below 2 GiB. Belongs to one thread.
 */
final class PayloadChecksum {
    private static final long CHUNK_BYTES = 1L << 30;

    private final CRC32C crc = new CRC32C();
    private final MemorySegment[] slots;

    /** Null where a slot is too large for one. */
    private final @Nullable ByteBuffer[] buffers;

    PayloadChecksum(MemorySegment[] slots) {
        this.slots = slots;
        this.buffers = new ByteBuffer[slots.length];
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].byteSize() <= Integer.MAX_VALUE) {
                buffers[i] = slots[i].asByteBuffer();
            }
        }
    }

    int of(int slot, long payloadBytes) {
        crc.reset();
        ByteBuffer buffer = buffers[slot];
        if (buffer != null) {
            buffer.limit((int) payloadBytes).position(0);
            crc.update(buffer);
        } else {
            for (long at = 0; at < payloadBytes; at += CHUNK_BYTES) {
                crc.update(
                        slots[slot]
                                .asSlice(at, Math.min(CHUNK_BYTES, payloadBytes - at))
                                .asByteBuffer());
            }
        }
        return (int) crc.getValue();
    }
}
