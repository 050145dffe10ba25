package io.fluxfoam.teacher.memory;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.fluxfoam.memory.Bulk;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file of the store: results one behind the other, each written once. Little-endian:
 *
 * <pre>{@code
 *  0  i64  magic "FOAMKMEM"
 *  8  i32  layout version, 1
 * 12  i32  unused
 * 16  i64  bytes of the file
 * 24  i64  namespace, first half
 * 32  i64  namespace, second half
 * 40  i64  unused, to 64
 *
 * 64  records, each:
 *     0  i64  fingerprint, first half
 *     8  i64  fingerprint, second half
 *    16  i64  bytes of the payload
 *    24  i32  CRC-32C of the payload
 *    28  i32  1 if there are features, 0 if the teacher had nothing to say
 *    32  i64  look-ups that it stays valid for, once it has agreed
 *    40  i64  number of the look-up from which it is no longer valid
 *    48  i64  unused
 *    56  i64  seal: a digest of the first 32 bytes, stored last, with release
 *    64  payload, and what is missing to a multiple of 64
 * }</pre>
 *
 * <p>The header is whole before the file gets its name. A process that dies inside {@link #append}
 * leaves a record without its seal: the next life ends the file there and writes over it. The two
 * words of validity may change later, each alone. Only the holder of the node's mark opens these
 * files.
 */
final class StoreFile {
    static final int HEADER_BYTES = 64;
    static final int RECORD_BYTES = 64;

    private static final long MAGIC = 0x4D454D4B_4D414F46L;
    private static final int VERSION = 1;
    private static final long VERSION_AT = 8;
    private static final long BYTES_AT = 16;
    private static final long FIRST_AT = 24;
    private static final long SECOND_AT = 32;

    private static final long PAYLOAD_BYTES_AT = 16;
    private static final long CRC_AT = 24;
    private static final long SPOKEN_AT = 28;
    private static final long VALID_FOR_AT = 32;
    private static final long VALID_UNTIL_AT = 40;
    private static final long SEAL_AT = 56;
    private static final long SEALED = 0x5EA1ED_5EA1EDL;
    private static final int ALIGNMENT = 64;

    private final MappedFile file;
    private final MemorySegment memory;
    private final SegmentWords words;
    private long end = HEADER_BYTES;
    private int records;

    /** Told of each record of a file, in the order in which they were written. */
    @FunctionalInterface
    interface Visitor {
        void visit(long first, long second, long offset);
    }

    private StoreFile(MappedFile file) {
        this.file = file;
        this.memory = file.segment();
        this.words = new SegmentWords(memory);
    }

    /** Bytes that a file has at least to hold one result of this size. */
    static long bytesFor(long payloadBytes) {
        return HEADER_BYTES + recordBytes(payloadBytes);
    }

    private static long recordBytes(long payloadBytes) {
        return RECORD_BYTES + (payloadBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** A new empty file; what was left unfinished under its name is replaced. */
    static StoreFile create(Path path, Namespace namespace, long bytes) throws IOException {
        Path unfinished = path.resolveSibling("." + path.getFileName());
        Files.deleteIfExists(unfinished);
        MappedFile file = MappedFile.create(unfinished, bytes);
        try {
            MemorySegment header = file.segment();
            header.set(ValueLayout.JAVA_LONG, 0, MAGIC);
            header.set(ValueLayout.JAVA_INT, VERSION_AT, VERSION);
            header.set(ValueLayout.JAVA_LONG, BYTES_AT, bytes);
            header.set(ValueLayout.JAVA_LONG, FIRST_AT, namespace.first());
            header.set(ValueLayout.JAVA_LONG, SECOND_AT, namespace.second());
            Files.move(unfinished, path, ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            Files.deleteIfExists(unfinished);
            throw e;
        }
        return new StoreFile(file);
    }

    /**
     * Opens a file and goes through its whole records; what comes behind the last one is not there.
     *
     * @throws LayoutException if it is no file of a store
     */
    static StoreFile open(Path path, Visitor visitor) throws IOException {
        MappedFile mapped = MappedFile.openReadWrite(path);
        try {
            MemorySegment header = mapped.segment();
            if (header.byteSize() < HEADER_BYTES) {
                throw corrupt(path, "bytes=" + header.byteSize() + " at least=" + HEADER_BYTES);
            }
            LayoutException.check(
                    path,
                    header.get(ValueLayout.JAVA_LONG, 0),
                    MAGIC,
                    header.get(ValueLayout.JAVA_INT, VERSION_AT),
                    VERSION);
            long told = header.get(ValueLayout.JAVA_LONG, BYTES_AT);
            if (told != header.byteSize()) {
                throw corrupt(
                        path, "bytes=" + header.byteSize() + " but the header says bytes=" + told);
            }
            StoreFile file = new StoreFile(mapped);
            file.findEnd(visitor);
            return file;
        } catch (IOException | RuntimeException | Error e) {
            mapped.close();
            throw e;
        }
    }

    private static LayoutException corrupt(Path path, String detail) {
        return new LayoutException(LayoutException.Kind.CORRUPT, path, detail);
    }

    private void findEnd(Visitor visitor) {
        while (isRecordAt(end)) {
            visitor.visit(first(end), second(end), end);
            end += recordBytes(payloadBytes(end));
            records++;
        }
    }

    private boolean isRecordAt(long offset) {
        if (offset + RECORD_BYTES > memory.byteSize()
                || words.getAcquire(offset + SEAL_AT) != seal(offset)) {
            return false;
        }
        long payload = payloadBytes(offset);
        return payload >= 0 && payload <= memory.byteSize() - offset - RECORD_BYTES;
    }

    /** Tells every record. */
    void forEach(Visitor visitor) {
        for (long at = HEADER_BYTES; at < end; at += recordBytes(payloadBytes(at))) {
            visitor.visit(first(at), second(at), at);
        }
    }

    boolean isOf(Namespace namespace) {
        return words.get(FIRST_AT) == namespace.first()
                && words.get(SECOND_AT) == namespace.second();
    }

    boolean hasRoom(long payloadBytes) {
        return recordBytes(payloadBytes) <= memory.byteSize() - end;
    }

    /**
     * Adds a result and returns where it is; there is room.
     *
     * @param crc of the payload
     */
    long append(
            Fingerprint fingerprint,
            boolean spoken,
            MemorySegment payload,
            int crc,
            long validFor,
            long validUntil) {
        long offset = end;
        long bytes = payload.byteSize();
        Bulk.copy(payload, memory.asSlice(offset + RECORD_BYTES, bytes), bytes);
        words.set(offset, fingerprint.first());
        words.set(offset + Long.BYTES, fingerprint.second());
        words.set(offset + PAYLOAD_BYTES_AT, bytes);
        words.setInt(offset + CRC_AT, crc);
        words.setInt(offset + SPOKEN_AT, spoken ? 1 : 0);
        words.set(offset + VALID_FOR_AT, validFor);
        words.set(offset + VALID_UNTIL_AT, validUntil);
        words.setRelease(offset + SEAL_AT, seal(offset));
        end = offset + recordBytes(bytes);
        records++;
        return offset;
    }

    /** Of all that is written once; a file's zeros have another. */
    private long seal(long offset) {
        long digest = SEALED;
        for (int at = 0; at < VALID_FOR_AT; at += Long.BYTES) {
            digest = Fingerprint.mixed(digest ^ words.get(offset + at));
        }
        return digest;
    }

    long first(long offset) {
        return words.get(offset);
    }

    long second(long offset) {
        return words.get(offset + Long.BYTES);
    }

    long payloadBytes(long offset) {
        return words.get(offset + PAYLOAD_BYTES_AT);
    }

    int crc(long offset) {
        return words.getInt(offset + CRC_AT);
    }

    boolean isSpoken(long offset) {
        return words.getInt(offset + SPOKEN_AT) != 0;
    }

    long validFor(long offset) {
        return words.get(offset + VALID_FOR_AT);
    }

    long validUntil(long offset) {
        return words.get(offset + VALID_UNTIL_AT);
    }

    void validity(long offset, long validFor, long validUntil) {
        words.set(offset + VALID_FOR_AT, validFor);
        words.set(offset + VALID_UNTIL_AT, validUntil);
    }

    /** The payload in place. */
    MemorySegment payload(long offset) {
        return memory.asSlice(offset + RECORD_BYTES, payloadBytes(offset));
    }

    int records() {
        return records;
    }

    long bytes() {
        return memory.byteSize();
    }

    /** Unmaps it; it stays. */
    void close() {
        file.close();
    }

    /** Unmaps and removes it. */
    void remove() throws IOException {
        file.close();
        Files.deleteIfExists(file.path().resolveSibling(name()));
    }

    /** It was mapped under its unfinished name, or under its own. */
    private String name() {
        String name = file.path().getFileName().toString();
        return name.startsWith(".") ? name.substring(1) : name;
    }
}
