package io.fluxfoam.tape;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The bytes of the MCAP container, version 0, as far as a tape uses it; all little-endian. Every
 * message has a chunk of its own, so that it has a checksum of its own, and declarations stand in
 * the chunk of the first message that needs them:
 *
 * <pre>
 *   magic, Header
 *   for each message:
 *     Chunk         op 6: i64 first time, i64 last time, i64 bytes, i32 CRC-32, text compression = "", i64 bytes, then
 *       Schema      op 3: u16 id, text name, text encoding, bytes data       } only where they are
 *       Channel     op 4: u16 id, u16 schema, text topic, text encoding, map } new in this file
 *       Message     op 5: u16 channel, u32 sequence, i64 log time, i64 publish time, data
 *     MessageIndex  op 7: u16 channel, array of (i64 log time, i64 offset of the message in the chunk)
 *   DataEnd         op 15: i32 CRC-32 = 0
 *   summary         Schemas, Channels, ChunkIndexes, Statistics, SummaryOffsets
 *   Footer          op 2: i64 summary, i64 offsets, i32 CRC-32 of all from the summary to here
 *   magic
 * </pre>
 *
 * Each record is an op byte and a length of 8 bytes before its content.
 */
final class Mcap {
    static final int HEADER = 1;
    static final int FOOTER = 2;
    static final int SCHEMA = 3;
    static final int CHANNEL = 4;
    static final int MESSAGE = 5;
    static final int CHUNK = 6;
    static final int MESSAGE_INDEX = 7;
    static final int CHUNK_INDEX = 8;
    static final int STATISTICS = 11;
    static final int SUMMARY_OFFSET = 14;
    static final int DATA_END = 15;

    /** Op and length before each record's content. */
    static final int PREFIX_BYTES = 9;

    /** A chunk but for the records in it. */
    static final int CHUNK_BYTES = PREFIX_BYTES + 40;

    /** A message but for its data. */
    static final int MESSAGE_BYTES = PREFIX_BYTES + 22;

    static final int MESSAGE_INDEX_BYTES = PREFIX_BYTES + 22;
    static final int DATA_END_BYTES = PREFIX_BYTES + 4;
    static final int FOOTER_BYTES = PREFIX_BYTES + 20;

    static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong I64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final byte[] MAGIC = {(byte) 0x89, 'M', 'C', 'A', 'P', '0', '\r', '\n'};

    /** Most bytes that go into one buffer. */
    static final long SLICE_BYTES = 1L << 30;

    private Mcap() {}

    static byte[] magic() {
        return MAGIC.clone();
    }

    /** What every tape's file begins with, to the byte: who reads one knows it by this. */
    static byte[] head(String profile, String library) {
        Bytes bytes = new Bytes();
        bytes.writeBytes(MAGIC);
        return bytes.record(HEADER, new Bytes().text(profile).text(library)).toByteArray();
    }

    static Bytes schema(int id, String name, String encoding, String data) {
        return new Bytes().record(SCHEMA, new Bytes().u16(id).text(name).text(encoding).text(data));
    }

    static Bytes channel(
            int id, int schema, String topic, String encoding, Map<String, String> facts) {
        Bytes map = new Bytes();
        facts.forEach((key, value) -> map.text(key).text(value));
        return new Bytes()
                .record(
                        CHANNEL,
                        new Bytes()
                                .u16(id)
                                .u16(schema)
                                .text(topic)
                                .text(encoding)
                                .sized(map.toByteArray()));
    }

    /** The message index that stands behind a message's chunk. */
    static ByteBuffer messageIndex(ByteBuffer into, int channel, long logNs, long offset) {
        into.clear();
        into.put((byte) MESSAGE_INDEX).putLong(22);
        into.putShort((short) channel).putInt(16).putLong(logNs).putLong(offset);
        return into.flip();
    }

    static int crc32(MemorySegment bytes) {
        CRC32 crc = new CRC32();
        update(crc, bytes);
        return (int) crc.getValue();
    }

    static void update(CRC32 crc, MemorySegment bytes) {
        for (long at = 0; at < bytes.byteSize(); at += SLICE_BYTES) {
            crc.update(slice(bytes, at));
        }
    }

    /** A part of these bytes that a buffer can show, from there on. */
    static ByteBuffer slice(MemorySegment bytes, long at) {
        return bytes.asSlice(at, Math.min(SLICE_BYTES, bytes.byteSize() - at)).asByteBuffer();
    }

    /** Small records are put together here; what is large never comes this way. */
    static final class Bytes extends ByteArrayOutputStream {
        private Bytes put(long value, int bytes) {
            for (int i = 0; i < bytes; i++) {
                write((int) (value >>> 8 * i));
            }
            return this;
        }

        Bytes u8(int value) {
            return put(value, 1);
        }

        Bytes u16(int value) {
            return put(value, 2);
        }

        Bytes u32(long value) {
            return put(value, 4);
        }

        Bytes i64(long value) {
            return put(value, 8);
        }

        Bytes text(String text) {
            return sized(text.getBytes(StandardCharsets.UTF_8));
        }

        Bytes sized(byte[] bytes) {
            u32(bytes.length).writeBytes(bytes);
            return this;
        }

        Bytes record(int op, Bytes content) {
            u8(op).i64(content.size()).writeBytes(content.toByteArray());
            return this;
        }
    }
}
