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
 *   0                          body: a Chronicle Map file, closed by its writer, or JSON in UTF-8
 *   bodyBytes +  0  i64        bodyBytes
 *   bodyBytes +  8  u32        CRC-32C of the body
 *   bodyBytes + 12  i32        encoding of the body: 0 Chronicle Map, 1 JSON
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

    /** The body is a Chronicle Map, which only a JVM reads. */
    static final int CHRONICLE_MAP = 0;

    /** The body is UTF-8 JSON, which everybody reads. */
    static final int JSON = 1;

    private static final int OLDEST_VERSION = 1;
    private static final long MAGIC = 0x494E414D4D414F46L;
    private static final int BODY_BYTES_OFFSET = 0;
    private static final int CRC_OFFSET = BODY_BYTES_OFFSET + Long.BYTES;
    private static final int ENCODING_OFFSET = CRC_OFFSET + Integer.BYTES;
    private static final int VERSION_OFFSET = ENCODING_OFFSET + Integer.BYTES;
    private static final int NOT_VERSION_OFFSET = VERSION_OFFSET + Integer.BYTES;
    private static final int MAGIC_OFFSET = NOT_VERSION_OFFSET + Integer.BYTES;

    private ManifestTrailer() {}

    /** The trailer of a Chronicle Map. */
    static ByteBuffer of(byte[] body) {
        return of(body, CHRONICLE_MAP, VERSION);
    }

    /** The trailer of a body in this encoding. */
    static ByteBuffer of(byte[] body, int encoding) {
        return of(body, encoding, VERSION);
    }

    static ByteBuffer of(byte[] body, int encoding, int version) {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(BODY_BYTES_OFFSET, body.length)
                .putInt(CRC_OFFSET, crc(body, body.length))
                .putInt(ENCODING_OFFSET, encoding)
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
        int crc = crc(bytes, bodyBytes);
        if (trailer.getInt(CRC_OFFSET) != crc) {
            throw corrupt(
                    file,
                    "crc32c="
                            + Integer.toHexString(crc)
                            + " expected="
                            + Integer.toHexString(trailer.getInt(CRC_OFFSET)));
        }
        int encoding = encoding(bytes);
        if (encoding != CHRONICLE_MAP && encoding != JSON) {
            throw corrupt(file, "encoding=" + encoding);
        }
        return bodyBytes;
    }

    /** The encoding of the body of a file that has been checked. */
    static int encoding(byte[] bytes) {
        return ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt(bytes.length - BYTES + ENCODING_OFFSET);
    }

    private static LayoutException corrupt(Path file, String detail) {
        return new LayoutException(Kind.CORRUPT, file, detail);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
