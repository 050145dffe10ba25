package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.memory.Words;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * The right to read one committed slot until {@link #close}. The writer cannot touch the bytes
 * meanwhile, however long it takes. A reader has one lease at a time, and this object is reused for
 * all of them.
 */
public final class Lease implements AutoCloseable {
    private final StreamReader reader;
    private final Words words;
    private long stamp;
    private long at;
    private @Nullable MemorySegment slot;

    Lease(StreamReader reader, Words words) {
        this.reader = reader;
        this.words = words;
    }

    /** Begins with the slot's bytes, or null if the CPU does not reach them in place. */
    Lease begin(long newStamp, long slotAt, @Nullable MemorySegment newSlot) {
        stamp = newStamp;
        at = slotAt;
        slot = newSlot;
        return this;
    }

    boolean isOpen() {
        return stamp != 0;
    }

    /**
     * The producer's own bytes for the CPU, read-only, exactly as many as the tensor has. Invalid
     * after close. If they are in a GPU's memory it is a copy, which is counted and which {@link
     * #isCopied} tells. Allocates only where the tensor is smaller than the largest shape and of
     * another size than the one that its slot held when it was leased before.
     */
    public MemorySegment payload() {
        long bytes = payloadBytes();
        return slot != null && slot.byteSize() == bytes ? slot : reader.segment(stamp, bytes);
    }

    /**
     * The producer's own bytes for the reader's device and work in the {@link
     * StreamReader#queue()}, with room for the largest shape; never to be written. Work that is
     * queued before close reads them, however long it takes. If they are on another device it is a
     * copy, which is counted and which {@link #isCopied} tells.
     */
    public DeviceMemory memory() {
        return reader.memory(stamp, payloadBytes());
    }

    /**
     * Whether {@link #payload} is the producer's own bytes; if not they lie on a GPU, and using it
     * copies them.
     */
    public boolean isOnHost() {
        requireOpen();
        return slot != null;
    }

    /** Whether the payload was copied for this lease. */
    public boolean isCopied() {
        requireOpen();
        return reader.isCopied();
    }

    /**
     * With {@link WaitMode#GPU}: waits until the work queued so far is done, and tells whether what
     * it read was the commit. If not, the producer died before its GPU had filled the slot, and
     * what was computed from it must be discarded. At once and true if the commit had arrived when
     * it was leased.
     */
    public boolean confirm() {
        requireOpen();
        return reader.confirm(stamp);
    }

    /** Size of the tensor in bytes. */
    public long payloadBytes() {
        return words.get(requireOpen() + BYTES_IN_SLOT);
    }

    /** Frame that the tensor was computed from. */
    public long frameNumber() {
        return words.get(requireOpen() + FRAME_IN_SLOT);
    }

    /** CLOCK_MONOTONIC nanoseconds at which that frame was captured. */
    public long captureNs() {
        return words.get(requireOpen() + CAPTURED_IN_SLOT);
    }

    /**
     * CLOCK_MONOTONIC nanoseconds at which the tensor had been committed. The writer notes it right
     * after the commit: 0 for the fraction of a microsecond until it has, and for good if it died
     * just there.
     */
    public long publishNs() {
        return words.get(requireOpen() + PUBLISHED_IN_SLOT);
    }

    /** Number of the stream's own meaning. */
    public long tag() {
        return words.get(requireOpen() + TAG_IN_SLOT);
    }

    /** Position of the commit in its stream, from 1. */
    public long sequence() {
        requireOpen();
        return Stamp.sequence(stamp);
    }

    /** Incarnation of the writer. */
    public long incarnation() {
        return reader.header().incarnation();
    }

    public int rank() {
        return words.getInt(requireOpen() + RANK_IN_SLOT);
    }

    /** Size of one dimension, outermost first. */
    public long dim(int index) {
        if (index < 0
                || index >= Math.min(rank(), maxRank())) { // the rank is another process's word
            throw new IndexOutOfBoundsException("dim=" + index + " rank=" + rank());
        }
        return words.get(at + SHAPE_IN_SLOT + 8L * index);
    }

    /**
     * Whether the slot's header makes sense and the payload has the checksum that stands in it.
     * Reads all of the payload, unless the stream has no checksums, or a GPU reads it in a GPU's
     * memory: that is not brought to the host for this.
     */
    public boolean isIntact() {
        requireOpen();
        return reader.isIntact(Stamp.slot(stamp));
    }

    private long requireOpen() {
        if (stamp == 0) {
            throw new IllegalStateException(
                    "lease is closed: stream=" + reader.header().spec().name());
        }
        return at;
    }

    @Override
    public void close() {
        if (stamp != 0) {
            stamp = 0;
            reader.release();
        }
    }
}
