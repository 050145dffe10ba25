package io.fluxfoam.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Reads a node's journal from its oldest entry on and follows it. Only reads: it takes no lock, its writer may be alive or
 * dead, and the directory may still be missing. Belongs to one thread.
 */
public final class JournalReader implements AutoCloseable {
    private static final String METADATA = "metadata.cq4t";

    private final Path directory;
    private ChronicleQueue queue;
    private ExcerptTailer tailer;

    /** A reader of the journal in this directory. */
    public JournalReader(Path directory) {
        this.directory = directory;
    }

    /** All entries of the journal in this directory, oldest first. */
    public static List<JournalEntry> readAll(Path directory) throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        try (JournalReader reader = new JournalReader(directory)) {
            for (JournalEntry entry = reader.poll(); entry != null; entry = reader.poll()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** The next entry; null if there is none yet. */
    public JournalEntry poll() throws IOException {
        try {
            if (queue == null && !open()) {
                return null;
            }
            try (DocumentContext document = tailer.readingDocument()) {
                return document.isPresent() ? EntryWire.read(document.wire()) : null;
            }
        } catch (RuntimeException | InternalError e) {
            throw new IOException("journal cannot be read: directory=" + directory + " " + e, e);
        }
    }

    private boolean open() {
        if (!Files.exists(directory.resolve(METADATA)) || Journal.files(directory).length == 0) {
            return false;
        }
        queue = ChronicleQueue.singleBuilder(directory).readOnly(true).build();
        tailer = queue.createTailer();
        return true;
    }

    @Override
    public void close() {
        if (queue != null) {
            tailer.close();
            queue.close();
        }
    }
}
