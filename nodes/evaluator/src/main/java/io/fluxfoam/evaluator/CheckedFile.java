package io.fluxfoam.evaluator;

import io.fluxfoam.memory.AtomicFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A file of the evaluator's state, replaced as a whole: its body, then i32 CRC-32C of that,
 * big-endian.
 */
final class CheckedFile {
    private static final long MAX_BYTES = 1 << 22;

    private final Path path;
    private final String what;

    /**
     * A file.
     *
     * @param what is in it, for errors
     */
    CheckedFile(Path path, String what) {
        this.path = path;
        this.what = what;
    }

    /**
     * The body that was saved; empty if none was.
     *
     * @throws IOException if the file is damaged
     */
    Optional<byte[]> load() throws IOException {
        byte[] bytes;
        try {
            long size = Files.size(path);
            if (size > MAX_BYTES) {
                throw damaged("bytes=" + size + " limit=" + MAX_BYTES);
            }
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        int length = bytes.length - Integer.BYTES;
        if (length < Long.BYTES || ByteBuffer.wrap(bytes).getInt(length) != crc(bytes, length)) {
            throw damaged("bytes=" + bytes.length + ", checksum does not fit");
        }
        return Optional.of(Arrays.copyOf(bytes, length));
    }

    void save(byte[] body) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(body.length + Integer.BYTES);
        bytes.put(body).putInt(crc(body, body.length));
        AtomicFile.replace(path, bytes.array());
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** What to throw when the body makes no sense. */
    IOException damaged(String detail) {
        return new IOException("damaged " + what + ": file=" + path + " " + detail);
    }

    Path path() {
        return path;
    }
}
