package io.fluxfoam.stream;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.WorkQueue;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * A reader's slots: the producer's own bytes where the reader's device reaches them, else a copy of
 * the leased slot, made at the first use of the lease's payload and counted. Belongs to one thread.
 */
final class ReaderSlots implements AutoCloseable {
    private final Slots slots;
    private final Device device;
    private final WorkQueue queue;
    private final boolean isInPlace;
    private final long slotBytes;

    /**
     * What the CPU was shown of each slot, or of the copy: a tensor as large as the one before it
     * there needs no new view.
     */
    private final @Nullable MemorySegment[] views;

    private @Nullable Buffer deviceCopy;
    private boolean isFetched;
    private boolean isOnDevice;
    private long copiedBytes;

    ReaderSlots(StreamHeader header, Payload payload, Device device) {
        this.slots = new Slots(header, payload);
        this.device = device;
        this.queue = device.isHost() ? slots.queue() : device.queue();
        this.isInPlace = payload.device().name().equals(device.name());
        this.slotBytes = header.spec().slotBytes();
        this.views = new MemorySegment[slots.isOnHost() ? header.spec().slots() : 1];
    }

    /** Whether the payload is in a GPU's memory. */
    boolean isFromGpu() {
        return !slots.isOnHost();
    }

    /** Whether the reader's device works on the producer's own bytes. */
    boolean isInPlace() {
        return isInPlace;
    }

    /** The queue in which the reader's work on leased slots is done. */
    WorkQueue queue() {
        return queue;
    }

    /** Forgets the copies of the slot leased before. */
    void begin() {
        isFetched = false;
        isOnDevice = false;
    }

    /**
     * The slot's own bytes for the CPU, as many as it has room for; null if it does not reach them.
     */
    @Nullable MemorySegment inPlace(int slot) {
        return slots.isOnHost() ? slots.memory(slot).segment() : null;
    }

    /** The tensor's bytes for the CPU. */
    MemorySegment segment(int slot, long payloadBytes) {
        fetch(slot, payloadBytes);
        int place = slots.isOnHost() ? slot : 0;
        MemorySegment view = views[place];
        if (view == null || view.byteSize() != payloadBytes) {
            view = slots.onHost(slot).segment().asSlice(0, payloadBytes).asReadOnly();
            views[place] = view;
        }
        return view;
    }

    /** Brings a GPU's bytes to the host, once for a lease. */
    private void fetch(int slot, long payloadBytes) {
        if (!isFetched && isFromGpu()) {
            slots.fetch(slot, payloadBytes);
            copiedBytes += payloadBytes;
            isFetched = true;
        }
    }

    /**
     * The slot's bytes for the reader's device. A GPU's are there for work that is queued from now
     * on.
     */
    DeviceMemory memory(int slot, long payloadBytes) {
        if (isInPlace) {
            return slots.memory(slot);
        }
        if (device.isHost()) {
            fetch(slot, payloadBytes);
            return slots.onHost(slot);
        }
        if (deviceCopy == null) {
            deviceCopy = device.allocate(slotBytes);
        }
        if (!isOnDevice) {
            fetch(
                    slot,
                    payloadBytes); // from one GPU to another by way of the host: both copies count
            queue.copy(slots.onHost(slot), deviceCopy.memory(), payloadBytes);
            copiedBytes += payloadBytes;
            isOnDevice = true;
        }
        return deviceCopy.memory();
    }

    /** Whether the slot leased now was copied. */
    boolean isCopied() {
        return isFetched || isOnDevice;
    }

    /**
     * Whether the slot has this checksum. What is in a GPU's memory for a GPU is not brought to the
     * host for that.
     */
    boolean isIntact(int slot, long payloadBytes, int expected) {
        if (!slots.isChecked() || isFromGpu() && !device.isHost() && !isFetched) {
            return true;
        }
        fetch(slot, payloadBytes);
        return slots.checksum(slot, payloadBytes) == expected;
    }

    long copiedBytes() {
        return copiedBytes;
    }

    @Override
    public void close() {
        if (deviceCopy != null) {
            deviceCopy.close();
        }
        slots.close();
    }
}
