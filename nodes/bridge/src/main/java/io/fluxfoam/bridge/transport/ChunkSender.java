package io.fluxfoam.bridge.transport;

import static io.fluxfoam.bridge.transport.ChunkDescriptor.*;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.fluxfoam.bridge.session.MessageSeal;

import org.agrona.concurrent.UnsafeBuffer;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Sends the tensors of one life of one stream to one peer, in chunks. Without a key a chunk goes
 * from the tensor's own memory into Aeron's log; with one it is sealed on that way, in two arrays
 * that stay in the CPU's cache. A chunk that Aeron does not take is kept as it is and offered
 * again: no number is used for two. Allocates nothing but what the seal does. Belongs to one
 * thread.
 */
public final class ChunkSender implements AutoCloseable {
    private final ExclusivePublication publication;
    private final int channel;
    private final MessageSeal seal;
    private final boolean isSealed;
    private final byte[] head = new byte[FIRST_BYTES];
    private final byte[] plain;
    private final byte[] wire;
    private final UnsafeBuffer headBuffer = new UnsafeBuffer(head);
    private final UnsafeBuffer wireBuffer;
    private final UnsafeBuffer slot = new UnsafeBuffer(0, 0);
    private final CRC32C crc = new CRC32C();
    private FrameHead frame;
    private ByteBuffer payload;
    private long address;
    private long at;
    private long number;
    private int pendingBytes;
    private int pendingHead;
    private int pendingMessage;
    private long sentBytes;

    ChunkSender(ExclusivePublication publication, int channel, MessageSeal seal) {
        this.publication = publication;
        this.channel = channel;
        this.seal = seal;
        this.isSealed = seal != MessageSeal.NONE;
        this.plain = isSealed ? new byte[MAX_MESSAGE_BYTES] : head;
        this.wire = new byte[isSealed ? MAX_MESSAGE_BYTES + seal.overheadBytes() : 0];
        this.wireBuffer = new UnsafeBuffer(wire);
    }

    /** Whether somebody listens. */
    public boolean isConnected() {
        return publication.isConnected();
    }

    /** Whether nothing can be sent any more. */
    public boolean isClosed() {
        return publication.isClosed();
    }

    /**
     * Begins a tensor; one that was not finished is given up.
     *
     * @param bytes its memory, which stays as it is until {@link #isDone}
     * @param buffer the same
     */
    public void begin(FrameHead newFrame, MemorySegment bytes, ByteBuffer buffer) {
        frame = newFrame;
        payload = buffer;
        address = bytes.address();
        at = 0;
        pendingMessage = 0;
        crc.reset();
    }

    /** Whether all of the tensor has been taken by Aeron. */
    public boolean isDone() {
        return frame == null;
    }

    /** Sends the next chunk; false if it has to be tried again later. */
    public boolean advance() {
        if (pendingMessage == 0) {
            prepare();
        }
        if (!offer()) {
            return false;
        }
        pendingMessage = 0;
        at += pendingBytes;
        sentBytes += pendingBytes;
        if (at == frame.payloadBytes()) {
            frame = null;
            payload = null;
        }
        return true;
    }

    private void prepare() {
        pendingBytes = (int) Math.min(MAX_PAYLOAD_BYTES, frame.payloadBytes() - at);
        boolean isLast = at + pendingBytes == frame.payloadBytes();
        payload.limit((int) at + pendingBytes).position((int) at);
        int flags = (at == 0 ? FIRST : 0) | (isLast ? LAST : 0);
        pendingHead = at == 0 ? FIRST_BYTES : NEXT_BYTES;
        if (isSealed) {
            payload.get(plain, pendingHead, pendingBytes);
            crc.update(plain, pendingHead, pendingBytes);
        } else {
            crc.update(payload);
        }
        write(plain, channel, ++number, frame, at, (int) crc.getValue(), flags);
        pendingMessage = pendingHead + pendingBytes;
        if (isSealed) {
            pendingMessage = seal.apply(channel, number, plain, CLEAR_BYTES, pendingMessage, wire);
        }
    }

    private boolean offer() {
        long result;
        if (isSealed) {
            result = publication.offer(wireBuffer, 0, pendingMessage, null);
        } else {
            slot.wrap(address + at, pendingBytes);
            result = publication.offer(headBuffer, 0, pendingHead, slot, 0, pendingBytes, null);
        }
        if (result == Publication.ADMIN_ACTION) {
            return offer(); // a term was full; the next one is there
        }
        return result > 0;
    }

    /** Bytes of tensors that were sent. */
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public void close() {
        publication.close();
    }
}
