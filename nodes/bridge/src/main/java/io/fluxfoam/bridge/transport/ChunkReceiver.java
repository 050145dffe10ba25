package io.fluxfoam.bridge.transport;

import static io.fluxfoam.bridge.transport.ChunkDescriptor.*;

import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.fluxfoam.bridge.session.MessageSeal;

import org.agrona.DirectBuffer;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Receives the tensors of one life of one stream and puts them together in their sink's memory. A
 * tensor is committed if all of its chunks came, in order, genuine, never heard before, and with
 * their CRC-32C; else it is given up and counted, and so no tensor is ever mixed of two. Belongs to
 * one thread.
 */
public final class ChunkReceiver implements AutoCloseable {
    private final Subscription subscription;
    private final int channel;
    private final MessageSeal seal;
    private final boolean isSealed;
    private final FrameSink sink;
    private final FragmentHandler handler = this::onFragment;
    private final FrameHead frame = new FrameHead();
    private final CRC32C crc = new CRC32C();
    private final byte[] wire;
    private final byte[] plain;
    private int gathered = -1;
    private long number;
    private boolean isWanted;
    private boolean isOpen;
    private ByteBuffer slot;
    private long at;
    private long dropped;
    private long refused;
    private long receivedBytes;

    ChunkReceiver(Subscription subscription, int channel, MessageSeal seal, FrameSink sink) {
        this.subscription = subscription;
        this.channel = channel;
        this.seal = seal;
        this.isSealed = seal != MessageSeal.NONE;
        this.sink = sink;
        int bytes = MAX_MESSAGE_BYTES + seal.overheadBytes();
        this.wire = new byte[bytes];
        this.plain = isSealed ? new byte[bytes] : wire;
    }

    /** Takes what has come, at most this many fragments; returns how many. */
    public int poll(int limit) {
        return subscription.poll(handler, limit);
    }

    private void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        onFragment(buffer, offset, length, header.flags());
    }

    /** Fragments of one message come one after the other. */
    void onFragment(DirectBuffer buffer, int offset, int length, byte flags) {
        if ((flags & FrameDescriptor.BEGIN_FRAG_FLAG) != 0) {
            gathered = 0;
        }
        if (gathered < 0) {
            return;
        }
        if (length > wire.length - gathered) {
            gathered = -1;
            refuse();
            return;
        }
        buffer.getBytes(offset, wire, gathered, length);
        gathered += length;
        if ((flags & FrameDescriptor.END_FRAG_FLAG) != 0) {
            int bytes = gathered;
            gathered = -1;
            onMessage(bytes);
        }
    }

    private void onMessage(int wireBytes) {
        if (wireBytes < NEXT_BYTES || (int) I32.get(wire, 0) != MAGIC) {
            refuse();
            return;
        }
        long newNumber = (long) I64.get(wire, NUMBER_AT);
        if ((int) I32.get(wire, CHANNEL_AT) != channel || newNumber <= number) {
            refuse();
            return;
        }
        int bytes = wireBytes;
        if (isSealed) {
            bytes = seal.apply(channel, newNumber, wire, CLEAR_BYTES, wireBytes, plain);
        }
        if (bytes < NEXT_BYTES || bytes < headBytes(plain)) {
            refuse();
            return;
        }
        boolean isNext = newNumber == number + 1;
        number = newNumber;
        onChunk(isNext, bytes);
    }

    private void onChunk(boolean isNext, int bytes) {
        int flags = flags(plain);
        long offset = (long) I64.get(plain, OFFSET_AT);
        int from = headBytes(plain);
        if ((flags & FIRST) != 0) {
            giveUp();
            begin();
        } else if (!isOpen || !isNext || (long) I64.get(plain, SEQUENCE_AT) != frame.sequence()) {
            giveUp();
            return;
        }
        int length = bytes - from;
        if (!isOpen || offset != at || length > frame.payloadBytes() - at) {
            giveUp();
            return;
        }
        receivedBytes += length;
        at += length;
        if (isWanted) {
            slot.put((int) offset, plain, from, length);
        }
        crc.update(plain, from, length);
        boolean isLast = at == frame.payloadBytes();
        if ((int) crc.getValue() != (int) I32.get(plain, CRC_AT)
                || isLast != ((flags & LAST) != 0)) {
            giveUp();
        } else if (isLast) {
            end();
        }
    }

    private void begin() {
        if (!read(plain, frame) || frame.payloadBytes() < 0) {
            refuse();
            return;
        }
        isOpen = true;
        at = 0;
        crc.reset();
        slot = sink.open(frame);
        isWanted = slot != null && slot.capacity() >= frame.payloadBytes();
    }

    private void end() {
        isOpen = false;
        if (isWanted) {
            isWanted = false;
            sink.commit(frame);
        }
    }

    /** Of a tensor that was not wanted nothing is missing. */
    private void giveUp() {
        isOpen = false;
        if (isWanted) {
            isWanted = false;
            dropped++;
            sink.abort();
        }
    }

    private void refuse() {
        refused++;
    }

    /** Whether somebody sends. */
    public boolean isConnected() {
        return subscription.isConnected();
    }

    /** Tensors that were begun and given up. */
    public long dropped() {
        return dropped;
    }

    /** Messages that were none of this channel's, not genuine, or heard before. */
    public long refused() {
        return refused;
    }

    /** Bytes of tensors that came. */
    public long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public void close() {
        giveUp();
        subscription.close();
    }
}
