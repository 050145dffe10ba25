package io.fluxfoam.bridge.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;

/** Holds its receiver to the contract, and every tensor to its frame number. */
final class CollectingSink implements FrameSink {
    final ByteBuffer slot;
    long committed;
    long aborted;
    long lastFrame;
    private boolean isOpen;

    CollectingSink(int bytes) {
        slot = ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public ByteBuffer open(FrameHead head) {
        assertFalse(isOpen);
        boolean isPossible = head.payloadBytes() <= slot.capacity();
        isOpen = isPossible;
        return isPossible ? slot : null;
    }

    @Override
    public void commit(FrameHead head, int crc32c) {
        assertTrue(isOpen);
        isOpen = false;
        committed++;
        lastFrame = head.frameNumber();
        for (int at = 0; at < head.payloadBytes(); at++) {
            assertEquals(byteOf(head.frameNumber(), at), slot.get(at));
        }
    }

    /** What a tensor of this frame has at this place. */
    static byte byteOf(long frame, int at) {
        return (byte) (frame * 31 + at * 7L + (at >>> 8));
    }

    @Override
    public void abort() {
        assertTrue(isOpen);
        isOpen = false;
        aborted++;
    }
}
