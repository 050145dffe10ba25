package io.fluxfoam.tape;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Writes one file, a message at a time and each with one system call, straight from the memory that
 * it stands in. Whatever cannot be written whole is taken back, so the file is always whole up to
 * its last message. Belongs to one thread.
 */
final class McapWriter implements AutoCloseable {
    private final Path path;
    private final FileChannel file;
    private final McapSummary summary;
    private final ByteBuffer chunkHead = buffer(Mcap.CHUNK_BYTES);
    private final ByteBuffer messageHead = buffer(Mcap.MESSAGE_BYTES);
    private final ByteBuffer index = buffer(Mcap.MESSAGE_INDEX_BYTES);
    private final CRC32 crc = new CRC32();
    private long end;

    private McapWriter(Path path, FileChannel file, McapSummary summary, long end) {
        this.path = path;
        this.file = file;
        this.summary = summary;
        this.end = end;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Creates a file, mode 0600, which must not be there. */
    static McapWriter create(Path path, byte[] head) throws IOException {
        FileChannel file =
                FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        McapWriter writer = new McapWriter(path, file, new McapSummary(), 0);
        try {
            writer.append(List.of(ByteBuffer.wrap(head)));
            return writer;
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** Goes on behind the last whole message of a file that was cut; the rest of it is dropped. */
    static McapWriter reopen(Path path, McapSummary found, long end) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE);
        file.truncate(end);
        return new McapWriter(path, file, found, end);
    }

    /**
     * Declares the next message's channel, and its schema if this file has not had it; that message
     * has to bring what is returned.
     */
    byte[] declare(byte[] schema, byte[] channel) {
        if (schema.length > 0) {
            summary.schema(schema);
        }
        summary.channel(channel);
        byte[] both = new byte[schema.length + channel.length];
        System.arraycopy(schema, 0, both, 0, schema.length);
        System.arraycopy(channel, 0, both, schema.length, channel.length);
        return both;
    }

    /**
     * Writes a message in a chunk of its own.
     *
     * @param declarations records that this message is the first to need; may be empty
     * @param data the first bytes of its data
     * @param payload the rest of its data
     */
    void message(
            byte[] declarations,
            int channel,
            long sequence,
            long logNs,
            long publishNs,
            ByteBuffer data,
            MemorySegment payload)
            throws IOException {
        long dataBytes = data.remaining() + payload.byteSize();
        long recordBytes = declarations.length + Mcap.MESSAGE_BYTES + dataBytes;
        messageHead.clear();
        messageHead.put((byte) Mcap.MESSAGE).putLong(22 + dataBytes);
        messageHead.putShort((short) channel).putInt((int) sequence);
        messageHead.putLong(logNs).putLong(publishNs).flip();
        crc.reset();
        crc.update(declarations);
        crc.update(messageHead.duplicate());
        crc.update(data.duplicate());
        Mcap.update(crc, payload);
        chunkHead.clear();
        chunkHead.put((byte) Mcap.CHUNK).putLong(40 + recordBytes);
        chunkHead.putLong(logNs).putLong(logNs).putLong(recordBytes);
        chunkHead.putInt((int) crc.getValue()).putInt(0).putLong(recordBytes).flip();
        List<ByteBuffer> parts = new ArrayList<>();
        parts.add(chunkHead);
        parts.add(ByteBuffer.wrap(declarations));
        parts.add(messageHead);
        parts.add(data);
        for (long at = 0; at < payload.byteSize(); at += Mcap.SLICE_BYTES) {
            parts.add(Mcap.slice(payload, at));
        }
        parts.add(Mcap.messageIndex(index, channel, logNs, declarations.length));
        long chunkAt = end;
        append(parts);
        summary.chunk(chunkAt, Mcap.CHUNK_BYTES + recordBytes, logNs, channel);
    }

    private void append(List<ByteBuffer> parts) throws IOException {
        ByteBuffer[] buffers = parts.toArray(ByteBuffer[]::new);
        try {
            file.position(end);
            long left = 0;
            for (ByteBuffer buffer : buffers) {
                left += buffer.remaining();
            }
            long whole = end + left;
            while (left > 0) {
                left -= file.write(buffers);
            }
            end = whole;
        } catch (IOException e) {
            file.truncate(end);
            throw new IOException(
                    "the tape cannot be written: path=" + path + " " + e.getMessage(), e);
        }
    }

    /** Bytes written, up to the last whole message. */
    long bytes() {
        return end;
    }

    /** Bytes that the file will have when it is finished. */
    long finishedBytes() {
        return end + summary.sizeBytes();
    }

    int messages() {
        return summary.chunks();
    }

    /** Writes what stands at the end of a file, and brings all of it to the disk. */
    void finish() throws IOException {
        try {
            file.position(end);
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16);
            summary.writeTo(out, end);
            out.flush();
            file.force(true);
        } catch (IOException e) {
            file.truncate(end); // not finished, but whole
            throw new IOException(
                    "the tape cannot be finished: path=" + path + " " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
