package io.fluxfoam.device;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * A range of memory on a device. It owns nothing: whoever allocated or mapped the range says how
 * long it is valid.
 *
 * @param device name of the device
 * @param address where it begins in the device's own address space; the CPU must not touch that of
 *     a GPU
 * @param bytes its size
 * @param segment the same bytes for the CPU, of exactly that size; null if only a GPU reaches them
 */
public record DeviceMemory(
        String device, long address, long bytes, @Nullable MemorySegment segment) {
    public static DeviceMemory ofHost(MemorySegment segment) {
        return new DeviceMemory(Device.HOST, segment.address(), segment.byteSize(), segment);
    }

    public static DeviceMemory ofGpu(String device, long address, long bytes) {
        return new DeviceMemory(device, address, bytes, null);
    }

    /** Whether the CPU reaches these bytes. */
    public boolean isHost() {
        return segment != null;
    }

    /**
     * The bytes for the CPU.
     *
     * @throws IllegalStateException if only a GPU reaches them
     */
    @Override
    public MemorySegment segment() {
        if (segment == null) {
            throw new IllegalStateException(
                    "memory is not the host's: device=" + device + " bytes=" + bytes);
        }
        return segment;
    }

    /**
     * A part of the range.
     *
     * @throws IndexOutOfBoundsException if it is not inside
     */
    public DeviceMemory slice(long offset, long sliceBytes) {
        if (offset < 0 || sliceBytes < 0 || offset > bytes - sliceBytes) {
            throw new IndexOutOfBoundsException(
                    "offset="
                            + offset
                            + " sliceBytes="
                            + sliceBytes
                            + " bytes="
                            + bytes
                            + " device="
                            + device);
        }
        return segment == null
                ? ofGpu(device, address + offset, sliceBytes)
                : ofHost(segment.asSlice(offset, sliceBytes));
    }
}
