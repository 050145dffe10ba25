package io.fluxfoam.manifest;

import io.fluxfoam.liveness.Names;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.tensor.DType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * What a peer must know to open one stream.
 *
 * @param name name of the stream, unique within its node
 * @param dtype element type of its tensors
 * @param maxShape largest tensor a slot takes, outermost dimension first; at most 8 dimensions,
 *     none below 1
 * @param slots number of slots in the ring
 * @param maxReaders number of lanes for readers
 * @param slotBytes payload bytes of one slot, at least what {@code maxShape} needs
 * @param checksum {@code crc32c} or {@code none}
 * @param device where payload bytes live: {@code host} or {@code cuda:N}
 * @param controlFile path of the control file, relative to the foam's directory
 * @param payloadFile path of the payload, relative to the foam's directory
 * @param fence what stands behind a commit and how a peer finds it; {@code host} for a word of the
 *     control file that the producer's CPU stores, {@code gpu} for one that its GPU stores behind
 *     its work
 */
public record StreamCard(
        String name,
        DType dtype,
        long[] maxShape,
        int slots,
        int maxReaders,
        long slotBytes,
        String checksum,
        String device,
        String controlFile,
        String payloadFile,
        String fence) {
    private static final int MAX_RANK = 8;

    /**
     * Checks every value and takes a copy of the shape.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public StreamCard {
        Names.check("stream", name);
        Objects.requireNonNull(dtype, "dtype");
        maxShape = maxShape.clone();
        Checks.requireRange("rank of stream " + name, maxShape.length, 0, MAX_RANK);
        Checks.requireRange("slots of stream " + name, slots, 1, 1 << 16);
        Checks.requireRange("maxReaders of stream " + name, maxReaders, 1, 1 << 10);
        if (slotBytes < payloadBytes(name, dtype, maxShape)) {
            throw new IllegalArgumentException(
                    "slot too small: stream="
                            + name
                            + " slotBytes="
                            + slotBytes
                            + " dtype="
                            + dtype
                            + " maxShape="
                            + Arrays.toString(maxShape));
        }
        Checks.requireKey("checksum", checksum);
        requireDevice(device);
        Checks.requireInnerPath("controlFile", controlFile);
        Checks.requireInnerPath("payloadFile", payloadFile);
        Checks.requireText("fence", fence, 1024);
    }

    /** The same stream as one would publish it again. */
    public StreamSpec spec() {
        return new StreamSpec(
                name,
                dtype,
                maxShape,
                slots,
                maxReaders,
                Checksum.valueOf(checksum.toUpperCase(Locale.ROOT)));
    }

    private static long payloadBytes(String name, DType dtype, long[] shape) {
        long bytes = dtype.bytes();
        for (long dim : shape) {
            Checks.requireRange("dimension of stream " + name, dim, 1, Long.MAX_VALUE);
            try {
                bytes = Math.multiplyExact(bytes, dim);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "shape too large: stream=" + name + " maxShape=" + Arrays.toString(shape),
                        e);
            }
        }
        return bytes;
    }

    static String requireDevice(@Nullable String device) {
        if (device == null || !device.matches("host|cuda:[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                    "bad device=\"" + device + "\": needs host or cuda:N");
        }
        return device;
    }

    /** A copy of the largest shape. */
    @Override
    public long[] maxShape() {
        return maxShape.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamCard that
                && name.equals(that.name)
                && dtype == that.dtype
                && Arrays.equals(maxShape, that.maxShape)
                && slots == that.slots
                && maxReaders == that.maxReaders
                && slotBytes == that.slotBytes
                && checksum.equals(that.checksum)
                && device.equals(that.device)
                && controlFile.equals(that.controlFile)
                && payloadFile.equals(that.payloadFile)
                && fence.equals(that.fence);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, dtype, Arrays.hashCode(maxShape), controlFile, payloadFile);
    }

    @Override
    public String toString() {
        return name
                + " "
                + dtype
                + Arrays.toString(maxShape)
                + " slots="
                + slots
                + " maxReaders="
                + maxReaders
                + " slotBytes="
                + slotBytes
                + " checksum="
                + checksum
                + " device="
                + device
                + " control="
                + controlFile
                + " payload="
                + payloadFile
                + " fence="
                + fence;
    }
}
