package io.fluxfoam.journal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads one file of a Chronicle Queue without Chronicle and without mapping it, so that a damaged
 * file cannot crash the JVM and a tool starts fast. A file is a chain of documents, little endian:
 *
 * <pre>
 *   0  i32  header: 0 = nothing written yet; bit 31 = being written; bit 30 = Chronicle's own;
 *           bits 0..29 = payloadBytes; 0xC0000000 = end of the file
 *   4       payload, padded to a multiple of 4
 * </pre>
 *
 * The header is written last and with release, so what is complete by its header is complete.
 */
final class QueueFile implements AutoCloseable {
    private static final int BEING_WRITTEN = 1 << 31;
    private static final int OWN = 1 << 30;
    private static final int LENGTH = OWN - 1;
    private static final int END = BEING_WRITTEN | OWN;
    private static final int MAX_ENTRY_BYTES = 1 << 24;

    private final FileChannel channel;
    private final ByteBuffer header =
            ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long position;
    private long damaged;

    QueueFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /** The next entry; null if there is none yet. */
    @Nullable JournalEntry next() throws IOException {
        while (true) {
            header.clear();
            if (!fill(header, position)) {
                return null;
            }
            int word = header.getInt(0);
            int length = word & LENGTH;
            if (word == 0 || word == END || (word & BEING_WRITTEN) != 0) {
                return null;
            }
            if (position + Integer.BYTES + length > channel.size() || isTooLong(word, length)) {
                damaged++;
                position = channel.size();
                return null;
            }
            JournalEntry entry = (word & OWN) != 0 ? null : entry(length);
            damaged += entry == null && (word & OWN) == 0 ? 1 : 0;
            position += Integer.BYTES + (length + Integer.BYTES - 1 & -Integer.BYTES);
            if (entry != null) {
                return entry;
            }
        }
    }

    private static boolean isTooLong(int word, int length) {
        return (word & OWN) == 0 && length > MAX_ENTRY_BYTES;
    }

    private @Nullable JournalEntry entry(int length) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(length);
        return fill(payload, position + Integer.BYTES) ? EntryBytes.decode(payload.array()) : null;
    }

    private boolean fill(ByteBuffer buffer, long from) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Documents passed over because they are no entries. */
    long damaged() {
        return damaged;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
