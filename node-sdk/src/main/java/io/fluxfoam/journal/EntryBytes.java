package io.fluxfoam.journal;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * An entry as the payload of one document in the queue:
 *
 * <pre>
 *   0  i32   CRC-32C of what follows, little endian
 *   4  UTF-8 wallMillis TAB node TAB incarnation TAB kind TAB facts
 * </pre>
 *
 * The facts are JSON on one line, in which a tab is always escaped.
 */
final class EntryBytes {
    private static final int TEXT_OFFSET = Integer.BYTES;
    private static final int FIELDS = 5;

    private EntryBytes() {}

    static byte[] encode(JournalEntry entry) {
        if (entry.kind().indexOf('\t') >= 0 || entry.node().indexOf('\t') >= 0) {
            throw new IllegalArgumentException(
                    "tab in kind=" + entry.kind() + " or node=" + entry.node());
        }
        String text =
                entry.wallMillis()
                        + "\t"
                        + entry.node()
                        + "\t"
                        + entry.incarnation()
                        + "\t"
                        + entry.kind()
                        + "\t"
                        + entry.facts();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(TEXT_OFFSET + utf8.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(crc(utf8, 0))
                .put(utf8)
                .array();
    }

    /** The entry, or null if the bytes are not one. */
    static @Nullable JournalEntry decode(byte[] bytes) {
        if (bytes.length < TEXT_OFFSET
                || ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt()
                        != crc(bytes, TEXT_OFFSET)) {
            return null;
        }
        String text =
                new String(bytes, TEXT_OFFSET, bytes.length - TEXT_OFFSET, StandardCharsets.UTF_8);
        String[] fields = text.split("\t", FIELDS);
        try {
            return fields.length < FIELDS
                    ? null
                    : new JournalEntry(
                            Long.parseLong(fields[0]),
                            fields[1],
                            Long.parseLong(fields[2]),
                            fields[3],
                            fields[4]);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static int crc(byte[] bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return (int) crc.getValue();
    }
}
