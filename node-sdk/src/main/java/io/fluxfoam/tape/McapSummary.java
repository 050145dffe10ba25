package io.fluxfoam.tape;

import io.fluxfoam.tape.Mcap.Bytes;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * What stands at the end of a finished file, so that other tools find their way in it: its schemas
 * and channels, and where each chunk is. Kept while a file is written, or found anew in one that
 * was cut.
 */
final class McapSummary {
    private static final int FIRST_CHUNKS = 1_024;

    private final Bytes schemas = new Bytes();
    private final Bytes channels = new Bytes();
    private int schemaCount;
    private long[] channelCounts = new long[16];
    private int channelCount;
    private int chunks;
    private long[] at = new long[FIRST_CHUNKS];
    private long[] bytes = new long[FIRST_CHUNKS];
    private long[] logNs = new long[FIRST_CHUNKS];
    private int[] channelOf = new int[FIRST_CHUNKS];

    void schema(byte[] record) {
        schemas.writeBytes(record);
        schemaCount++;
    }

    void channel(byte[] record) {
        channels.writeBytes(record);
        channelCount++;
    }

    /** A chunk with one message. */
    void chunk(long chunkAt, long chunkBytes, long messageLogNs, int channel) {
        if (chunks == at.length) {
            at = Arrays.copyOf(at, 2 * chunks);
            bytes = Arrays.copyOf(bytes, 2 * chunks);
            logNs = Arrays.copyOf(logNs, 2 * chunks);
            channelOf = Arrays.copyOf(channelOf, 2 * chunks);
        }
        at[chunks] = chunkAt;
        bytes[chunks] = chunkBytes;
        logNs[chunks] = messageLogNs;
        channelOf[chunks++] = channel;
        if (channel >= channelCounts.length) {
            channelCounts = Arrays.copyOf(channelCounts, 2 * channel);
        }
        channelCounts[channel]++;
    }

    int chunks() {
        return chunks;
    }

    /** Bytes that {@link #writeTo} would write, or a little more than that. */
    long sizeBytes() {
        return 512L + schemas.size() + channels.size() + 91L * chunks + 10L * channelCounts.length;
    }

    /** Writes all from the end of the data on, which is here. */
    void writeTo(OutputStream out, long dataEnd) throws IOException {
        Bytes end = new Bytes().record(Mcap.DATA_END, new Bytes().u32(0));
        Bytes indexes = new Bytes();
        for (int i = 0; i < chunks; i++) {
            indexes.record(Mcap.CHUNK_INDEX, chunkIndex(i));
        }
        Bytes statistics = new Bytes().record(Mcap.STATISTICS, statistics());
        long start = dataEnd + end.size();
        Bytes summary = new Bytes();
        Bytes offsets = new Bytes();
        int[] ops = {Mcap.SCHEMA, Mcap.CHANNEL, Mcap.CHUNK_INDEX, Mcap.STATISTICS};
        Bytes[] groups = {schemas, channels, indexes, statistics};
        for (int i = 0; i < groups.length; i++) {
            if (groups[i].size() > 0) {
                Bytes offset = new Bytes().u8(ops[i]).i64(start + summary.size());
                offsets.record(Mcap.SUMMARY_OFFSET, offset.i64(groups[i].size()));
                groups[i].writeTo(summary);
            }
        }
        long offsetStart = start + summary.size();
        offsets.writeTo(summary);
        summary.u8(Mcap.FOOTER).i64(Mcap.FOOTER_BYTES - Mcap.PREFIX_BYTES);
        summary.i64(start).i64(offsetStart);
        CRC32 crc = new CRC32();
        crc.update(summary.toByteArray());
        summary.u32(crc.getValue()).writeBytes(Mcap.magic());
        end.writeTo(out);
        summary.writeTo(out);
    }

    private Bytes chunkIndex(int chunk) {
        Bytes offsets = new Bytes().u16(channelOf[chunk]).i64(at[chunk] + bytes[chunk]);
        long recordBytes = bytes[chunk] - Mcap.CHUNK_BYTES;
        return new Bytes()
                .i64(logNs[chunk])
                .i64(logNs[chunk])
                .i64(at[chunk])
                .i64(bytes[chunk])
                .sized(offsets.toByteArray())
                .i64(Mcap.MESSAGE_INDEX_BYTES)
                .text("")
                .i64(recordBytes)
                .i64(recordBytes);
    }

    private Bytes statistics() {
        Bytes counts = new Bytes();
        for (int channel = 0; channel < channelCounts.length; channel++) {
            if (channelCounts[channel] > 0) {
                counts.u16(channel).i64(channelCounts[channel]);
            }
        }
        long first = chunks == 0 ? 0 : logNs[0];
        long last = chunks == 0 ? 0 : logNs[chunks - 1];
        return new Bytes()
                .i64(chunks)
                .u16(schemaCount)
                .u32(channelCount)
                .u32(0)
                .u32(0)
                .u32(chunks)
                .i64(first)
                .i64(last)
                .sized(counts.toByteArray());
    }
}
