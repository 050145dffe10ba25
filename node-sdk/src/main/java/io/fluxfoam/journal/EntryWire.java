package io.fluxfoam.journal;

import net.openhft.chronicle.wire.Wire;

/** An entry as named fields of a document in the queue; a reader of another version skips fields that it does not know. */
final class EntryWire {
    private EntryWire() {}

    static void write(JournalEntry entry, Wire wire) {
        wire.write("wallMillis").int64(entry.wallMillis());
        wire.write("node").text(entry.node());
        wire.write("incarnation").int64(entry.incarnation());
        wire.write("kind").text(entry.kind());
        wire.write("facts").text(entry.facts());
    }

    static JournalEntry read(Wire wire) {
        return new JournalEntry(
                wire.read("wallMillis").int64(),
                wire.read("node").text(),
                wire.read("incarnation").int64(),
                wire.read("kind").text(),
                wire.read("facts").text());
    }
}
