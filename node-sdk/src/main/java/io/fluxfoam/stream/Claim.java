package io.fluxfoam.stream;

import io.fluxfoam.device.DeviceMemory;

import java.lang.foreign.MemorySegment;

/**
 * A slot that its writer may fill. Ends with {@link #commit}; closing without it gives the slot up
 * and nobody sees it. The writer has one claim at a time, and this object is reused for all of
 * them.
 */
public final class Claim implements AutoCloseable {
    private final StreamWriter writer;
    private int slot;
    private boolean open;

    Claim(StreamWriter writer) {
        this.writer = writer;
    }

    Claim begin(int newSlot) {
        slot = newSlot;
        open = true;
        return this;
    }

    /**
     * The slot's bytes for the CPU, of the size of the largest shape. Invalid after commit or
     * close. On a GPU it is a buffer whose content the commit sends to the slot; that copy is
     * counted.
     */
    public MemorySegment payload() {
        requireOpen();
        return writer.segment(slot);
    }

    /**
     * The slot's bytes for work in the {@link StreamWriter#queue()}, which the commit comes behind.
     *
     * @throws IllegalStateException on a GPU if the stream has a checksum: the CPU, which computes
     *     it, does not see the bytes
     */
    public DeviceMemory memory() {
        requireOpen();
        return writer.memory(slot);
    }

    /**
     * Sets a smaller shape than the largest one.
     *
     * @throws IllegalArgumentException if the rank differs or a dimension is larger than the
     *     stream's
     */
    public Claim shape(long... shape) {
        requireOpen();
        writer.shape(shape);
        return this;
    }

    /** Sets a number of the stream's own meaning; 0 if it is not set. */
    public Claim tag(long tag) {
        requireOpen();
        writer.tag(tag);
        return this;
    }

    /**
     * Says what CRC-32C the payload has, by who has computed it already: the commit then does not
     * read the payload for it. Of a stream without checksums it changes nothing.
     */
    public Claim checksum(int crc32c) {
        requireOpen();
        writer.checksum(crc32c);
        return this;
    }

    /**
     * Makes the slot the newest of its stream. What was stored in the payload before is visible to
     * whoever leases it, and so is what the work queued so far will store: on a GPU the commit
     * arrives when that work is done. If it throws, because the device has failed, the claim is
     * over and the slot given up.
     *
     * @param frameNumber frame that the tensor was computed from
     * @param captureNs CLOCK_MONOTONIC time at which that frame was captured
     * @return the commit's sequence
     */
    public long commit(long frameNumber, long captureNs) {
        requireOpen();
        open = false;
        return writer.commit(frameNumber, captureNs);
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("claim is closed: stream=" + writer.name());
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            writer.abort();
        }
    }
}
