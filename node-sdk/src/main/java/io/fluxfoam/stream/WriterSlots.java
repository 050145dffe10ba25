package io.fluxfoam.stream;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.WorkQueue;
import java.lang.foreign.MemorySegment;

/**
 * A writer's slots: in the payload itself where the CPU reaches it, else by way of one buffer of pinned host memory, made at
 * its first use, whose content a commit sends to the device. Everything is sliced once, so that using a slot allocates nothing.
 */
final class WriterSlots implements AutoCloseable {
    private final Device device;
    private final WorkQueue queue;
    private final DeviceMemory[] slots;
    private final MemorySegment[] segments;
    private final long slotBytes;
    private final boolean isChecked;
    private PayloadChecksum checksum;
    private Buffer staging;
    private boolean isStaged;
    private long copiedBytes;

    WriterSlots(StreamHeader header, Payload payload) {
        this.device = payload.device();
        this.queue = device.queue();
        this.slots = slice(header, payload.memory());
        this.slotBytes = header.spec().slotBytes();
        this.isChecked = header.spec().checksum() == Checksum.CRC32C;
        this.segments = payload.memory().isHost() ? segments(slots) : null;
        this.checksum = isChecked && segments != null ? new PayloadChecksum(segments) : null;
    }

    static DeviceMemory[] slice(StreamHeader header, DeviceMemory payload) {
        DeviceMemory[] slots = new DeviceMemory[header.spec().slots()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = payload.slice(header.slotStride() * i, header.spec().slotBytes());
        }
        return slots;
    }

    static MemorySegment[] segments(DeviceMemory[] slots) {
        MemorySegment[] segments = new MemorySegment[slots.length];
        for (int i = 0; i < slots.length; i++) {
            segments[i] = slots[i].segment();
        }
        return segments;
    }

    /** Whether the CPU fills a buffer on the way to the slot, and not the slot. */
    boolean needsStaging() {
        return segments == null;
    }

    /** Where the CPU fills the slot. A staging buffer must not be on its way to an earlier slot any more. */
    MemorySegment segment(int slot) {
        if (segments != null) {
            return segments[slot];
        }
        if (staging == null) {
            staging = device.allocateHost(slotBytes);
            checksum = isChecked ? new PayloadChecksum(new MemorySegment[] {staging.memory().segment()}) : null;
        }
        isStaged = true;
        return staging.memory().segment();
    }

    /** Where the device fills the slot. */
    DeviceMemory memory(int slot) {
        return slots[slot];
    }

    /** Checksum of what the CPU put into the slot, 0 if the stream has none. */
    int checksum(int slot, long payloadBytes) {
        return checksum == null ? 0 : checksum.of(isStaged ? 0 : slot, payloadBytes);
    }

    /** Queues what the CPU put into the staging buffer, if it did; returns whether. */
    boolean send(int slot, long payloadBytes) {
        if (!isStaged) {
            return false;
        }
        isStaged = false;
        queue.copy(staging.memory(), slots[slot], payloadBytes);
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
        if (staging != null) {
            staging.close();
        }
    }
}
