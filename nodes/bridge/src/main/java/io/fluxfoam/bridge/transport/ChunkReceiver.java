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
    private long chunkAt;
    private boolean isPlacing;
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
        this.wire = new byte[isSealed ? bytes : 0];
        this.plain = new byte[isSealed ? bytes : FIRST_BYTES];
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
        boolean isFirst = (flags & FrameDescriptor.BEGIN_FRAG_FLAG) != 0;
        boolean isLast = (flags & FrameDescriptor.END_FRAG_FLAG) != 0;
        if (isSealed) {
            gather(buffer, offset, length, isFirst, isLast);
        } else {
            place(buffer, offset, length, isFirst, isLast);
        }
    }

    /** A sealed message is opened when all of it is there. */
    private void gather(
            DirectBuffer buffer, int offset, int length, boolean isFirst, boolean isLast) {
        gathered = isFirst ? 0 : gathered;
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
        if (isLast) {
            open(gathered);
            gathered = -1;
        }
    }

    private void open(int wireBytes) {
        if (wireBytes < NEXT_BYTES || !isAddressed(wire)) {
            refuse();
            return;
        }
        long newNumber = (long) I64.get(wire, NUMBER_AT);
        int bytes = seal.apply(channel, newNumber, wire, CLEAR_BYTES, wireBytes, plain);
        if (bytes < NEXT_BYTES || bytes < headBytes(plain)) {
            refuse();
            return;
        }
        int from = headBytes(plain);
        if (beginChunk(newNumber) && fits(bytes - from)) {
            if (isWanted) {
                slot.put((int) at, plain, from, bytes - from);
            }
            at += bytes - from;
            endChunk();
        }
    }

    /** What is not sealed goes from Aeron's log to its place. */
    private void place(
            DirectBuffer buffer, int offset, int length, boolean isFirst, boolean isLast) {
        int from = 0;
        if (isFirst) {
            int shown = Math.min(length, FIRST_BYTES);
            buffer.getBytes(offset, plain, 0, shown);
            boolean isWhole = shown >= NEXT_BYTES && shown >= headBytes(plain);
            if (!isWhole || !isAddressed(plain)) {
                refuse();
                isPlacing = false;
                return;
            }
            from = headBytes(plain);
            isPlacing = beginChunk((long) I64.get(plain, NUMBER_AT));
        }
        if (!isPlacing) {
            return;
        }
        isPlacing = fits(length - from);
        if (isPlacing) {
            if (isWanted) {
                buffer.getBytes(offset + from, slot, (int) at, length - from);
            }
            at += length - from;
            if (isLast) {
                endChunk();
                isPlacing = false;
            }
        }
    }

    /** Whether a message is for this channel and was not heard before. */
    private boolean isAddressed(byte[] message) {
        return (int) I32.get(message, 0) == MAGIC
                && (int) I32.get(message, CHANNEL_AT) == channel
                && (long) I64.get(message, NUMBER_AT) > number;
    }

    /** Begins the chunk of which {@link #plain} has the head; false if it is to be passed over. */
    private boolean beginChunk(long newNumber) {
        boolean isNext = newNumber == number + 1;
        number = newNumber;
        if ((flags(plain) & FIRST) != 0) {
            giveUp();
            begin();
        } else if (!isNext || (long) I64.get(plain, SEQUENCE_AT) != frame.sequence()) {
            giveUp();
        }
        if (isOpen && (long) I64.get(plain, OFFSET_AT) != at) {
            giveUp();
        }
        chunkAt = at;
        return isOpen;
    }

    private boolean fits(int length) {
        if (isOpen && length <= frame.payloadBytes() - at) {
            receivedBytes += length;
            return true;
        }
        giveUp();
        return false;
    }

    /** Of a tensor that is not wanted there is nothing to check. */
    private void endChunk() {
        boolean isLast = at == frame.payloadBytes();
        boolean isRight = isLast == ((flags(plain) & LAST) != 0);
        if (isWanted) {
            crc.update(slot.limit((int) at).position((int) chunkAt));
            slot.clear();
            isRight &= (int) crc.getValue() == (int) I32.get(plain, CRC_AT);
        }
        if (!isRight) {
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
            sink.commit(frame, (int) crc.getValue());
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
