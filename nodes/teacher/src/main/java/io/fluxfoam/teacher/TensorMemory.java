package io.fluxfoam.teacher;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Memory for what is as large as the user's model and options say. What cannot be is an error with
 * the bytes that are wanted and those that are there, before the machine is out of memory.
 */
final class TensorMemory {
    /** The runtime's Java interface takes a tensor's memory as a buffer. */
    static final long MOST_BYTES = Integer.MAX_VALUE;

    private static final int ALIGNMENT = 64;
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";
    private static final long KIB = 1024;

    private TensorMemory() {}

    /**
     * Memory for an f32 tensor.
     *
     * @param what what the tensor is, for the message
     * @throws ModelException if there is not so much, or a tensor cannot be so large
     */
    static MemorySegment floats(Arena arena, String what, long... shape) {
        return allocate(arena, floatBytes(what, shape), what + " " + TensorSpec.text(shape));
    }

    /**
     * Bytes of an f32 tensor.
     *
     * @throws ModelException if a tensor cannot be so large
     */
    static long floatBytes(String what, long... shape) {
        double bytes = Float.BYTES;
        for (long dimension : shape) {
            bytes *= dimension;
        }
        if (bytes > MOST_BYTES) {
            throw new ModelException(
                    String.format(
                            Locale.ROOT,
                            "too large: %s %s wants bytes=%.0f, a tensor may have bytes=%d and there"
                                    + " are bytes=%d",
                            what,
                            TensorSpec.text(shape),
                            bytes,
                            MOST_BYTES,
                            available()));
        }
        return (long) bytes;
    }

    /**
     * Memory of so many bytes.
     *
     * @throws ModelException if there is not so much
     */
    static MemorySegment allocate(Arena arena, long bytes, String what) {
        if (bytes > available()) {
            throw new ModelException(
                    "too large: "
                            + what
                            + " wants bytes="
                            + bytes
                            + ", there are bytes="
                            + available());
        }
        try {
            return arena.allocate(bytes, ALIGNMENT);
        } catch (OutOfMemoryError e) { // the JVM's own limit, and its message says which
            throw new ModelException("too large: " + what + ": " + e.getMessage(), e);
        }
    }

    /** What the machine could still give without swapping; no limit where it does not say so. */
    private static long available() {
        try {
            for (String line : Files.readAllLines(MEMORY)) {
                if (line.startsWith(AVAILABLE)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // not this Linux
        }
        return Long.MAX_VALUE;
    }
}
