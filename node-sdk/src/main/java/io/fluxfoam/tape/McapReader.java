package io.fluxfoam.tape;

import io.fluxfoam.memory.LayoutException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one file from its beginning, in place. Nothing in it is believed before its checksum has
 * been computed, and every byte of it is checked by something. Belongs to one thread.
 */
final class McapReader implements AutoCloseable {
    /** What a step of reading came to. */
    enum Step {
        /** There is a message. */
        MESSAGE,
        /** A message is damaged and was left out; what comes after it can be read. */
        DAMAGED,
        /** All was read, and the file was finished. */
        END,
        /** What comes here is no whole record: the file was cut, or is damaged. */
        CUT
    }

    /** What a channel is, as it was declared. */
    record Channel(String topic, Map<String, String> facts) {}

    private final Path path;
    private final Arena memory = Arena.ofConfined();
    private final MemorySegment bytes;
    private final boolean isTrusted;
    private final Map<Integer, Channel> channels = new HashMap<>();
    private final McapSummary summary = new McapSummary();
    private final ByteBuffer index =
            ByteBuffer.allocate(Mcap.MESSAGE_INDEX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long at;
    private long damaged;
    private long firstDamageAt;
    private boolean isEndDamaged;
    private int channel;
    private long sequence;
    private long logNs;
    private long publishNs;
    private MemorySegment data = MemorySegment.NULL;

    /**
     * Opens a file of this head.
     *
     * @param isTrusted whether to look only at what a finished file says of its messages, without
     *     their data
     * @throws LayoutException if it has another head
     */
    McapReader(Path path, byte[] head, boolean isTrusted) throws IOException {
        this.path = path;
        this.isTrusted = isTrusted;
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), memory);
            MemorySegment wanted = MemorySegment.ofArray(head);
            long differs = wanted.mismatch(bytes);
            if (differs >= 0 && differs < Math.min(head.length, bytes.byteSize())) {
                throw new LayoutException(
                        LayoutException.Kind.CORRUPT,
                        path,
                        "no tape that this version reads: another byte at=" + differs);
            }
            at = bytes.byteSize() < head.length ? 0 : head.length;
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /** Whether it has the footer of a finished file. */
    boolean isFinished() {
        long footer = bytes.byteSize() - Mcap.FOOTER_BYTES - Mcap.magic().length;
        return footer > at
                && bytes.get(ValueLayout.JAVA_BYTE, footer) == Mcap.FOOTER
                && MemorySegment.ofArray(Mcap.magic())
                                .mismatch(bytes.asSlice(footer + Mcap.FOOTER_BYTES))
                        < 0;
    }

    /** Goes to the next message. */
    Step next() throws IOException {
        try {
            return step();
        } catch (InternalError e) { // a page that is no longer there
            throw new LayoutException(
                    LayoutException.Kind.CORRUPT, path, "cut while it was read, at=" + at);
        }
    }

    private Step step() {
        if (at == 0 || bytes.byteSize() - at < Mcap.DATA_END_BYTES) {
            return Step.CUT;
        }
        if (bytes.get(ValueLayout.JAVA_BYTE, at) == Mcap.DATA_END) {
            return end();
        }
        long records = records();
        if (records < 0) {
            return Step.CUT;
        }
        MemorySegment inside = bytes.asSlice(at + Mcap.CHUNK_BYTES, records);
        long chunkAt = at;
        at += Mcap.CHUNK_BYTES + records + Mcap.MESSAGE_INDEX_BYTES;
        if (!isWhole(chunkAt, inside)) {
            damage(chunkAt);
            return Step.DAMAGED;
        }
        summary.chunk(chunkAt, Mcap.CHUNK_BYTES + records, logNs, channel);
        return Step.MESSAGE;
    }

    /** Bytes of the records in the chunk that comes next; -1 if there is no such chunk. */
    private long records() {
        if (bytes.byteSize() - at < Mcap.CHUNK_BYTES
                || bytes.get(ValueLayout.JAVA_BYTE, at) != Mcap.CHUNK) {
            return -1;
        }
        long room = bytes.byteSize() - at - Mcap.CHUNK_BYTES - Mcap.MESSAGE_INDEX_BYTES;
        long records = bytes.get(Mcap.I64, at + Mcap.CHUNK_BYTES - 8);
        boolean fits = records >= Mcap.MESSAGE_BYTES && records <= room;
        boolean agrees =
                bytes.get(Mcap.I64, at + 1) == records + 40
                        && bytes.get(Mcap.I64, at + 25) == records;
        return fits && agrees ? records : -1;
    }

    private boolean isWhole(long chunkAt, MemorySegment inside) {
        if (!isTrusted && bytes.get(Mcap.U32, chunkAt + 33) != Mcap.crc32(inside)) {
            return false;
        }
        try {
            long offset = declarations(inside);
            long dataBytes = inside.byteSize() - offset - Mcap.MESSAGE_BYTES;
            if (inside.get(ValueLayout.JAVA_BYTE, offset) != Mcap.MESSAGE
                    || inside.get(Mcap.I64, offset + 1) != dataBytes + 22) {
                return false;
            }
            channel = Short.toUnsignedInt(inside.get(Mcap.U16, offset + 9));
            sequence = Integer.toUnsignedLong(inside.get(Mcap.U32, offset + 11));
            logNs = inside.get(Mcap.I64, offset + 15);
            publishNs = inside.get(Mcap.I64, offset + 23);
            data = inside.asSlice(offset + Mcap.MESSAGE_BYTES, dataBytes);
            return isFramed(chunkAt, inside.byteSize(), offset) && channels.containsKey(channel);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return false;
        }
    }

    /** What stands around the records, and no checksum covers, says what they say. */
    private boolean isFramed(long chunkAt, long records, long offset) {
        MemorySegment behind =
                bytes.asSlice(chunkAt + Mcap.CHUNK_BYTES + records, Mcap.MESSAGE_INDEX_BYTES);
        MemorySegment wanted =
                MemorySegment.ofBuffer(Mcap.messageIndex(index, channel, logNs, offset));
        return bytes.get(Mcap.I64, chunkAt + 9) == logNs
                && bytes.get(Mcap.I64, chunkAt + 17) == logNs
                && bytes.get(Mcap.U32, chunkAt + 37) == 0
                && wanted.mismatch(behind) < 0;
    }

    /** Takes the declarations before the message; returns where it begins. */
    private long declarations(MemorySegment inside) {
        long offset = 0;
        int op = inside.get(ValueLayout.JAVA_BYTE, offset);
        while (op == Mcap.SCHEMA || op == Mcap.CHANNEL) {
            long size = inside.get(Mcap.I64, offset + 1);
            MemorySegment record = inside.asSlice(offset, Mcap.PREFIX_BYTES + size);
            byte[] copy = record.toArray(ValueLayout.JAVA_BYTE);
            if (op == Mcap.SCHEMA) {
                summary.schema(copy);
            } else {
                declare(ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
                summary.channel(copy);
            }
            offset += record.byteSize();
            op = inside.get(ValueLayout.JAVA_BYTE, offset);
        }
        return offset;
    }

    private void declare(ByteBuffer record) {
        int id = Short.toUnsignedInt(record.getShort(Mcap.PREFIX_BYTES));
        record.position(Mcap.PREFIX_BYTES + 4);
        String topic = text(record);
        text(record);
        int mapBytes = record.getInt();
        ByteBuffer map = record.slice(record.position(), mapBytes).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, String> facts = new HashMap<>();
        while (map.hasRemaining()) {
            facts.put(text(map), text(map));
        }
        channels.put(id, new Channel(topic, Map.copyOf(facts)));
    }

    private static String text(ByteBuffer from) {
        if (from.remaining() < Integer.BYTES) {
            throw new IndexOutOfBoundsException("text cut: at=" + from.position());
        }
        int size = from.getInt();
        ByteBuffer text = from.slice(from.position(), size);
        from.position(from.position() + size);
        return StandardCharsets.UTF_8.decode(text).toString();
    }

    private void damage(long where) {
        firstDamageAt = damaged++ == 0 ? where : firstDamageAt;
    }

    private Step end() {
        long start = at + Mcap.DATA_END_BYTES;
        long footer = bytes.byteSize() - Mcap.FOOTER_BYTES - Mcap.magic().length;
        isEndDamaged =
                bytes.get(Mcap.I64, at + 1) != 4
                        || bytes.get(Mcap.U32, at + 9) != 0
                        || footer < start
                        || !isFinished()
                        || bytes.get(Mcap.I64, footer + 1) != 20
                        || bytes.get(Mcap.I64, footer + 9) != start
                        || Mcap.crc32(bytes.asSlice(start, footer + 25 - start))
                                != bytes.get(Mcap.U32, footer + 25);
        return Step.END;
    }

    /**
     * What is wrong with the file as far as it has been read, in one line; empty if nothing is.
     *
     * @param last what the last step came to
     */
    Optional<String> trouble(Step last) {
        String what = null;
        if (last == Step.CUT) {
            what = "cut or damaged at byte " + at + " of " + bytes.byteSize() + ", read to there";
        } else if (isEndDamaged) {
            what = "its end is cut or damaged, but all its records are whole";
        }
        if (damaged > 0) {
            what =
                    "damaged records left out: "
                            + damaged
                            + ", the first at byte "
                            + firstDamageAt
                            + (what == null ? "" : "; " + what);
        }
        return Optional.ofNullable(what).map(text -> path + ": " + text);
    }

    /** A message with a right checksum that makes no sense. */
    void refuse() {
        damage(Math.max(0, at - Mcap.MESSAGE_INDEX_BYTES - data.byteSize()));
    }

    /** Where what has been read ends. */
    long at() {
        return at;
    }

    /** What was found so far, for finishing a file that was cut. */
    McapSummary summary() {
        return summary;
    }

    int channel() {
        return channel;
    }

    @Nullable Channel facts() {
        return channels.get(channel);
    }

    /** Lower half of the message's own number. */
    long sequence() {
        return sequence;
    }

    long logNs() {
        return logNs;
    }

    long publishNs() {
        return publishNs;
    }

    /** The message's data, until this is closed. */
    MemorySegment data() {
        return data;
    }

    @Override
    public void close() {
        memory.close();
    }
}
