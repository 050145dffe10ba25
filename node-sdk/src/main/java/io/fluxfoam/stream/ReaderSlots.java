package io.fluxfoam.stream;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.WorkQueue;
import java.lang.foreign.MemorySegment;

/**
 * A reader's slots: the producer's own bytes where the reader's device reaches them, else a copy of the leased slot, made at
 * the first use of the lease's payload and counted. Belongs to one thread.
 */
final class ReaderSlots implements AutoCloseable {
    private static final long COPY_TIMEOUT_NS = 30_000_000_000L;

    private final Payload payload;
    private final Device device;
    private final WorkQueue queue;
    private final DeviceMemory[] slots;
    private final MemorySegment[] segments;
    private final long slotBytes;
    private final boolean isChecked;
    private PayloadChecksum checksum;
    private Buffer hostCopy;
    private MemorySegment hostView;
    private Buffer deviceCopy;
    private boolean isOnHost;
    private boolean isOnDevice;
    private long copiedBytes;

    ReaderSlots(StreamHeader header, Payload payload, Device device) {
        this.payload = payload;
        this.device = device;
        this.queue = isGpu(device) ? device.queue() : payload.device().queue();
        this.slots = WriterSlots.slice(header, payload.memory());
        this.segments = payload.memory().isHost() ? WriterSlots.segments(slots) : null;
        this.slotBytes = header.spec().slotBytes();
        this.isChecked = header.spec().checksum() == Checksum.CRC32C;
        this.checksum = isChecked && segments != null ? new PayloadChecksum(segments) : null;
    }

    private static boolean isGpu(Device device) {
        return !device.name().equals("host");
    }

    /** Whether the reader works on a GPU. */
    boolean isGpu() {
        return isGpu(device);
    }

    /** Whether the payload is in a GPU's memory. */
    boolean isFromGpu() {
        return segments == null;
    }

    /** The queue in which the reader's work on leased slots is done. */
    WorkQueue queue() {
        return queue;
    }

    /** Forgets the copies of the slot leased before. */
    void begin() {
        isOnHost = false;
        isOnDevice = false;
    }

    /** The slot's own bytes for the CPU; null if it does not reach them. */
    MemorySegment inPlace(int slot) {
        return segments == null ? null : segments[slot];
    }

    /** The slot's bytes for the CPU. */
    MemorySegment segment(int slot, long payloadBytes) {
        if (segments != null) {
            return segments[slot];
        }
        if (hostCopy == null) {
            hostCopy = payload.device().allocateHost(slotBytes);
            hostView = hostCopy.memory().segment().asReadOnly();
            checksum = isChecked ? new PayloadChecksum(new MemorySegment[] {hostView}) : null;
        }
        if (!isOnHost) {
            WorkQueue copies = payload.device().queue();
            copies.copy(slots[slot], hostCopy.memory(), payloadBytes);
            copies.await(COPY_TIMEOUT_NS);
            copiedBytes += payloadBytes;
            isOnHost = true;
        }
        return hostView;
    }

    /** The slot's bytes for the reader's device. A GPU's are there for work that is queued from now on. */
    DeviceMemory memory(int slot, long payloadBytes) {
        if (payload.device().name().equals(device.name())) {
            return slots[slot];
        }
        if (!isGpu()) {
            segment(slot, payloadBytes);
            return hostCopy.memory();
        }
        if (deviceCopy == null) {
            deviceCopy = device.allocate(slotBytes);
        }
        if (!isOnDevice) {
            DeviceMemory onHost = isFromGpu() ? onHost(slot, payloadBytes) : slots[slot];
            queue.copy(onHost, deviceCopy.memory(), payloadBytes);
            copiedBytes += payloadBytes;
            isOnDevice = true;
        }
        return deviceCopy.memory();
    }

    /** From one GPU to another by way of the host: both copies count. */
    private DeviceMemory onHost(int slot, long payloadBytes) {
        segment(slot, payloadBytes);
        return hostCopy.memory();
    }

    /** Whether the slot leased now was copied. */
    boolean isCopied() {
        return isOnHost || isOnDevice;
    }

    /** Whether the slot has this checksum. What is in a GPU's memory for a GPU is not brought to the host for that. */
    boolean isIntact(int slot, long payloadBytes, int expected) {
        if (!isChecked || isFromGpu() && isGpu() && !isOnHost) {
            return true;
        }
        segment(slot, payloadBytes);
        return checksum.of(isFromGpu() ? 0 : slot, payloadBytes) == expected;
    }

    long copiedBytes() {
        return copiedBytes;
    }

    @Override
    public void close() {
        if (hostCopy != null) {
            hostCopy.close();
        }
        if (deviceCopy != null) {
            deviceCopy.close();
        }
        payload.close();
    }
}
