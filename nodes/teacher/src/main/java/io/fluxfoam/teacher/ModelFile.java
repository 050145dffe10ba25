package io.fluxfoam.teacher;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model on disk and, for the models that the build fetches, the digest it must have. The bytes
 * that are checked are the bytes that are used: the file is read once.
 *
 * @param path where the file should be
 * @param sha256 64 hex digits, or empty for a model that the user brings
 * @param source how to get the file, for the message when it is missing
 * @param ofBuild whether the build put it there: then what was made of it is kept beside it
 */
public record ModelFile(Path path, Optional<String> sha256, String source, boolean ofBuild) {
    /** A model that the user brings: it must be there, any content will do. */
    public static ModelFile ofUser(Path path) {
        return new ModelFile(path, Optional.empty(), "check the path", false);
    }

    /** Whether a regular file is there; its content is not looked at. */
    public boolean exists() {
        return Files.isRegularFile(path);
    }

    /**
     * Demands that the file is there.
     *
     * @throws ModelException that says how to get it if it is not
     */
    public void requireExists() {
        if (!exists()) {
            throw new ModelException("model file missing: " + path + " (" + source + ")");
        }
    }

    /**
     * Reads the whole file into native memory and checks its digest.
     *
     * @param arena owner of the returned memory
     * @return the content
     * @throws ModelException if the file is missing, unreadable, empty, over 2 GiB, or has another
     *     digest
     */
    MemorySegment read(Arena arena) {
        requireExists();
        try (FileChannel channel = FileChannel.open(path)) {
            long bytes = channel.size();
            if (bytes == 0 || bytes > Integer.MAX_VALUE) {
                throw new ModelException(
                        "model file of "
                                + bytes
                                + " bytes, usable are 1.."
                                + Integer.MAX_VALUE
                                + ": "
                                + path);
            }
            MemorySegment memory = TensorMemory.allocate(arena, bytes, "model file " + path);
            ByteBuffer content = memory.asByteBuffer();
            while (content.hasRemaining()) {
                if (channel.read(content) < 0) {
                    throw new ModelException("model file shrank while it was read: " + path);
                }
            }
            sha256.ifPresent(expected -> check(expected, Digest.of(content.flip())));
            return memory;
        } catch (IOException e) {
            throw new ModelException("model file unreadable: " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the whole file, checked in the same way, onto the heap.
     *
     * @throws ModelException as for a model
     */
    public byte[] readBytes() {
        try (Arena arena = Arena.ofConfined()) {
            return read(arena).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /**
     * Checks that the file is there and has its digest.
     *
     * @throws ModelException if not
     */
    public void verify() {
        try (Arena arena = Arena.ofConfined()) {
            read(arena);
        }
    }

    private void check(String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new ModelException(
                    "model file corrupt: "
                            + path
                            + " sha256 expected="
                            + expected
                            + " actual="
                            + actual
                            + " (remove it, then: "
                            + source
                            + ")");
        }
    }
}
