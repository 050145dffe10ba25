package io.fluxfoam.stream;

import io.fluxfoam.liveness.Names;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.Shape;

import java.util.Arrays;

/**
 * What a stream broadcasts. Immutable; the methods return changed copies.
 *
 * @param name stream name, unique in its node
 * @param dtype element type
 * @param maxShape largest shape; a claim may be smaller in every dimension
 * @param slots places in the ring; 0 = the default, which is the smallest number with a little
 *     history
 * @param maxReaders most readers at one time
 * @param checksum what guards the payload
 */
public record StreamSpec(
        String name, DType dtype, long[] maxShape, int slots, int maxReaders, Checksum checksum) {
    /** Readers that a stream has room for if nothing else is said. */
    public static final int DEFAULT_MAX_READERS = 8;

    private static final int DEFAULT_HISTORY = 6;
    private static final int MAX_SLOTS = 1 << 15;
    private static final int MAX_LANES = 1024;
    private static final long MAX_SLOT_BYTES = 1L << 32;

    /** Checks all values and the relations between them. */
    public StreamSpec {
        Names.check("stream", name);
        maxShape = maxShape.clone();
        long bytes = Shape.bytes(dtype, maxShape);
        if (bytes < 1 || bytes > MAX_SLOT_BYTES) {
            throw new IllegalArgumentException(
                    "slot bytes out of range: stream="
                            + name
                            + " maxShape="
                            + Arrays.toString(maxShape)
                            + " bytes="
                            + bytes
                            + " limit="
                            + MAX_SLOT_BYTES);
        }
        if (maxReaders < 1 || maxReaders > MAX_LANES) {
            throw new IllegalArgumentException(
                    "maxReaders out of range: stream="
                            + name
                            + " maxReaders="
                            + maxReaders
                            + " limit="
                            + MAX_LANES);
        }
        if (slots == 0) {
            slots = maxReaders + 2 + DEFAULT_HISTORY;
        }
        if (slots < maxReaders + 2 || slots > MAX_SLOTS) {
            throw new IllegalArgumentException(
                    "too few or too many slots: stream="
                            + name
                            + " slots="
                            + slots
                            + " least=maxReaders+2="
                            + (maxReaders + 2)
                            + " most="
                            + MAX_SLOTS);
        }
    }

    /**
     * A stream of this type and largest shape, with default slots and readers, guarded by CRC-32C.
     */
    public static StreamSpec of(String name, DType dtype, long... maxShape) {
        return new StreamSpec(name, dtype, maxShape, 0, DEFAULT_MAX_READERS, Checksum.CRC32C);
    }

    /** With this number of slots. */
    public StreamSpec slots(int newSlots) {
        return new StreamSpec(name, dtype, maxShape, newSlots, maxReaders, checksum);
    }

    /** With this number of readers and at least the slots they need. */
    public StreamSpec maxReaders(int newMaxReaders) {
        return new StreamSpec(
                name, dtype, maxShape, Math.max(slots, newMaxReaders + 2), newMaxReaders, checksum);
    }

    /** With this checksum. */
    public StreamSpec checksum(Checksum newChecksum) {
        return new StreamSpec(name, dtype, maxShape, slots, maxReaders, newChecksum);
    }

    /** Bytes of the largest payload. */
    public long slotBytes() {
        return Shape.bytes(dtype, maxShape);
    }

    @Override
    public long[] maxShape() {
        return maxShape.clone();
    }
}
