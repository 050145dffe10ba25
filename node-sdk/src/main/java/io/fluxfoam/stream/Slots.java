package io.fluxfoam.stream;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.WorkQueue;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A stream's slots as its device and the CPU reach them: in the payload itself, or, if only a GPU
 * reaches that, by way of one buffer of pinned host memory, made at its first use. Everything is
 * sliced once, so that using a slot allocates nothing. Belongs to one thread.
 */
final class Slots implements AutoCloseable {
    private static final long COPY_TIMEOUT_NS = 30_000_000_000L;

    private final Payload payload;
    private final WorkQueue queue;
    private final DeviceMemory[] slots;
    private final long slotBytes;
    private final boolean isChecked;
    private @Nullable PayloadChecksum checksum;
    private @Nullable Buffer staging;

    Slots(StreamHeader header, Payload payload) {
        this.payload = payload;
        this.queue = payload.device().queue();
        this.slots = new DeviceMemory[header.spec().slots()];
        this.slotBytes = header.spec().slotBytes();
        for (int i = 0; i < slots.length; i++) {
            slots[i] = payload.memory().slice(header.slotStride() * i, slotBytes);
        }
        this.isChecked = header.spec().checksum() == Checksum.CRC32C;
        this.checksum = isChecked && isOnHost() ? new PayloadChecksum(segments()) : null;
    }

    private MemorySegment[] segments() {
        MemorySegment[] segments = new MemorySegment[slots.length];
        for (int i = 0; i < slots.length; i++) {
            segments[i] = slots[i].segment();
        }
        return segments;
    }

    /** Whether the CPU reaches the slots themselves. */
    boolean isOnHost() {
        return payload.memory().isHost();
    }

    /** Whether payloads have a checksum. */
    boolean isChecked() {
        return isChecked;
    }

    /** The queue of the payload's device, in which slots are sent and fetched. */
    WorkQueue queue() {
        return queue;
    }

    /** The slot where it is. */
    DeviceMemory memory(int slot) {
        return slots[slot];
    }

    /**
     * Where the CPU reaches the slot: itself, or the buffer on the way to it, which is one for all
     * slots.
     */
    DeviceMemory onHost(int slot) {
        if (isOnHost()) {
            return slots[slot];
        }
        if (staging == null) {
            staging = payload.device().allocateHost(slotBytes);
            MemorySegment[] buffer = {staging.memory().segment()};
            checksum = isChecked ? new PayloadChecksum(buffer) : null;
        }
        return staging.memory();
    }

    /** Checksum of what the CPU reaches as this slot, in a stream that has checksums. */
    int checksum(int slot, long payloadBytes) {
        return Objects.requireNonNull(checksum).of(isOnHost() ? slot : 0, payloadBytes);
    }

    /** Queues what the buffer holds on its way to the slot. */
    void send(int slot, long payloadBytes) {
        queue.copy(onHost(slot), slots[slot], payloadBytes);
    }

    /** Brings the slot's bytes into the buffer, and waits for them. */
    void fetch(int slot, long payloadBytes) {
        queue.copy(slots[slot], onHost(slot), payloadBytes);
        queue.await(COPY_TIMEOUT_NS);
    }

    @Override
    public void close() {
        if (staging != null) {
            staging.close();
        }
        payload.close();
    }
}
