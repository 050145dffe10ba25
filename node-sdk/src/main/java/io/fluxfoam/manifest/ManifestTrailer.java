package io.fluxfoam.manifest;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.LayoutException.Kind;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The guard behind the body of a manifest file. Chronicle Map can crash the JVM when it opens
 * damaged bytes, so nothing is given to it that this guard does not vouch for. The guard stands
 * behind the body because the body's first bytes are Chronicle's. Little endian:
 *
 * <pre>
 *   0                          body: a Chronicle Map file, closed by its writer
 *   bodyBytes +  0  i64        bodyBytes
 *   bodyBytes +  8  i64        CRC-32C of the body, the upper half zero
 *   bodyBytes + 16  i32        version
 *   bodyBytes + 20  i32        ~version
 *   bodyBytes + 24  i64        magic "FOAMMANI"
 * </pre>
 *
 * The last 16 bytes mean the same in every version. The version also changes when a new version of
 * Chronicle Map changes the body's format.
 */
final class ManifestTrailer {
    static final int BYTES = 32;
    static final int VERSION = 1;
    static final int MAX_BODY_BYTES = 16 << 20;

    private static final int OLDEST_VERSION = 1;
    private static final long MAGIC = 0x494E414D4D414F46L;
    private static final int BODY_BYTES_OFFSET = 0;
    private static final int CRC_OFFSET = BODY_BYTES_OFFSET + Long.BYTES;
    private static final int VERSION_OFFSET = CRC_OFFSET + Long.BYTES;
    private static final int NOT_VERSION_OFFSET = VERSION_OFFSET + Integer.BYTES;
    private static final int MAGIC_OFFSET = NOT_VERSION_OFFSET + Integer.BYTES;

    private ManifestTrailer() {}

    /** The trailer of this body. */
    static ByteBuffer of(byte[] body) {
        return of(body, VERSION);
    }

    static ByteBuffer of(byte[] body, int version) {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(BODY_BYTES_OFFSET, body.length)
                .putLong(CRC_OFFSET, crc(body, body.length))
                .putInt(VERSION_OFFSET, version)
                .putInt(NOT_VERSION_OFFSET, ~version)
                .putLong(MAGIC_OFFSET, MAGIC);
    }

    /** Checks a whole file and returns how many bytes its body has. */
    static int check(Path file, byte[] bytes) throws LayoutException {
        int bodyBytes = bytes.length - BYTES;
        if (bodyBytes <= 0) {
            throw corrupt(file, "fileBytes=" + bytes.length);
        }
        ByteBuffer trailer =
                ByteBuffer.wrap(bytes, bodyBytes, BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        if (trailer.getLong(MAGIC_OFFSET) != MAGIC) {
            throw corrupt(file, "magic=" + Long.toHexString(trailer.getLong(MAGIC_OFFSET)));
        }
        int version = trailer.getInt(VERSION_OFFSET);
        if (trailer.getInt(NOT_VERSION_OFFSET) != ~version) {
            throw corrupt(file, "version=" + version + " does not match its complement");
        }
        if (version < OLDEST_VERSION) {
            throw new LayoutException(
                    Kind.TOO_OLD, file, "layoutVersion=" + version + " wanted=" + OLDEST_VERSION);
        }
        if (version > VERSION) {
            throw new LayoutException(
                    Kind.TOO_NEW, file, "layoutVersion=" + version + " wanted=" + VERSION);
        }
        if (trailer.getLong(BODY_BYTES_OFFSET) != bodyBytes) {
            throw corrupt(
                    file,
                    "bodyBytes=" + trailer.getLong(BODY_BYTES_OFFSET) + " in file=" + bodyBytes);
        }
        long crc = crc(bytes, bodyBytes);
        if (trailer.getLong(CRC_OFFSET) != crc) {
            throw corrupt(
                    file,
                    "crc32c="
                            + Long.toHexString(crc)
                            + " expected="
                            + Long.toHexString(trailer.getLong(CRC_OFFSET)));
        }
        return bodyBytes;
    }

    private static LayoutException corrupt(Path file, String detail) {
        return new LayoutException(Kind.CORRUPT, file, detail);
    }

    private static long crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
