package io.fluxfoam.stream;

import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.WorkQueue;

import java.lang.foreign.MemorySegment;

/**
 * A writer's slots: what the CPU fills on its way to another device's memory is sent by the commit,
 * and counted.
 */
final class WriterSlots implements AutoCloseable {
    private final Slots slots;
    private boolean isStaged;
    private long copiedBytes;

    WriterSlots(StreamHeader header, Payload payload) {
        this.slots = new Slots(header, payload);
    }

    /** Whether the CPU fills a buffer on the way to the slot, and not the slot. */
    boolean needsStaging() {
        return !slots.isOnHost();
    }

    /** The queue that commits come behind. */
    WorkQueue queue() {
        return slots.queue();
    }

    /**
     * Where the CPU fills the slot. A staging buffer must not be on its way to an earlier slot any
     * more.
     */
    MemorySegment segment(int slot) {
        isStaged = needsStaging();
        return slots.onHost(slot).segment();
    }

    /** Where the device fills the slot. */
    DeviceMemory memory(int slot) {
        return slots.memory(slot);
    }

    /** Checksum of what the CPU put into the slot, 0 if the stream has none. */
    int checksum(int slot, long payloadBytes) {
        return slots.isChecked() && (isStaged || slots.isOnHost())
                ? slots.checksum(slot, payloadBytes)
                : 0;
    }

    /** Queues what the CPU put into the staging buffer, if it did; returns whether. */
    boolean send(int slot, long payloadBytes) {
        if (!isStaged) {
            return false;
        }
        isStaged = false;
        slots.send(slot, payloadBytes);
        copiedBytes += payloadBytes;
        return true;
    }

    /** Forgets what the CPU put into the staging buffer. */
    void abort() {
        isStaged = false;
    }

    long copiedBytes() {
        return copiedBytes;
    }

    @Override
    public void close() {
        slots.close();
    }
}
