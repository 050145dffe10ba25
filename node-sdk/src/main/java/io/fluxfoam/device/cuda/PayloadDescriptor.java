package io.fluxfoam.device.cuda;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The file that stands in a payload's place when the payload is in a GPU's memory: where it is.
 * Little-endian, written before the stream's control file has its name, never changed.
 *
 * <pre>
 *    0  i64     magic "FOAMCUDA"         8  i32  layout version    12  i32  reserved
 *   16  i64     bytes of the arena      24  i64  offset of the payload in it    32  i64  bytes of the payload
 *   40  u8[16]  UUID of the device      64  u8[64]  CUDA IPC handle of the arena
 * </pre>
 *
 * @param uuid names the device in every process, 32 hexadecimal digits
 */
record PayloadDescriptor(String uuid, IpcHandle handle, long arenaBytes, long offset, long bytes) {
    private static final long MAGIC = 0x414455434D414F46L; // "FOAMCUDA"
    private static final int VERSION = 1;
    private static final long VERSION_AT = 8;
    private static final long ARENA_BYTES_AT = 16;
    private static final long OFFSET_AT = 24;
    private static final long BYTES_AT = 32;
    private static final long UUID_AT = 40;
    private static final int UUID_BYTES = 16;
    private static final long HANDLE_AT = 64;
    private static final long FILE_BYTES = 128;

    void write(Path file) throws IOException {
        try (MappedFile mapped = MappedFile.create(file, FILE_BYTES)) {
            MemorySegment segment = mapped.segment();
            SegmentWords words = new SegmentWords(segment);
            words.setInt(VERSION_AT, VERSION);
            words.set(ARENA_BYTES_AT, arenaBytes);
            words.set(OFFSET_AT, offset);
            words.set(BYTES_AT, bytes);
            put(segment, UUID_AT, HexFormat.of().parseHex(uuid));
            put(segment, HANDLE_AT, handle.bytes());
            words.setRelease(0, MAGIC);
        }
    }

    private static void put(MemorySegment segment, long at, byte[] field) {
        MemorySegment.copy(field, 0, segment, ValueLayout.JAVA_BYTE, at, field.length);
    }

    private static byte[] get(MemorySegment segment, long at, int fieldBytes) {
        return segment.asSlice(at, fieldBytes).toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * Reads and checks a descriptor; nothing in it is believed that could lead outside the arena.
     */
    static PayloadDescriptor read(Path file) throws IOException {
        try (MappedFile mapped = MappedFile.openReadOnly(file)) {
            MemorySegment segment = mapped.segment();
            if (segment.byteSize() != FILE_BYTES) {
                throw new LayoutException(
                        LayoutException.Kind.CORRUPT, file, "bytes=" + segment.byteSize());
            }
            SegmentWords words = new SegmentWords(segment);
            LayoutException.check(
                    file, words.getAcquire(0), MAGIC, words.getInt(VERSION_AT), VERSION);
            PayloadDescriptor read =
                    new PayloadDescriptor(
                            HexFormat.of().formatHex(get(segment, UUID_AT, UUID_BYTES)),
                            new IpcHandle(get(segment, HANDLE_AT, IpcHandle.BYTES)),
                            words.get(ARENA_BYTES_AT),
                            words.get(OFFSET_AT),
                            words.get(BYTES_AT));
            if (read.bytes < 1 || read.offset < 0 || read.offset > read.arenaBytes - read.bytes) {
                throw new LayoutException(
                        LayoutException.Kind.CORRUPT,
                        file,
                        "arenaBytes="
                                + read.arenaBytes
                                + " offset="
                                + read.offset
                                + " bytes="
                                + read.bytes);
            }
            return read;
        }
    }
}
