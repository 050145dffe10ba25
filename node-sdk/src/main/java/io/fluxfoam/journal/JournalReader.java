package io.fluxfoam.journal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a node's journal from its oldest entry on, over all incarnations, and follows it. Only
 * reads files: it maps nothing and takes no lock, its writer may be alive or dead, the journal
 * damaged or still missing. Belongs to one thread.
 */
public final class JournalReader implements AutoCloseable {
    private final JournalDirectory directory;
    private @Nullable Path file;
    private @Nullable QueueFile open;
    private long damagedBefore;

    /** A reader of the journal in this directory. */
    public JournalReader(Path directory) {
        this.directory = new JournalDirectory(directory);
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
    public @Nullable JournalEntry poll() throws IOException {
        while (true) {
            JournalEntry entry = open == null ? null : open.next();
            if (entry != null) {
                return entry;
            }
            Path later = laterFile();
            if (later == null) {
                return null;
            }
            // What was written before the later file appeared is read before it.
            entry = open == null ? null : open.next();
            if (entry != null) {
                return entry;
            }
            moveTo(later);
        }
    }

    private @Nullable Path laterFile() throws IOException {
        for (Path candidate : directory.files()) {
            if (file == null || candidate.compareTo(file) > 0) {
                return candidate;
            }
        }
        return null;
    }

    private void moveTo(Path later) throws IOException {
        close();
        file = later;
        try {
            open = new QueueFile(later);
        } catch (NoSuchFileException e) {
            open = null; // deleted meanwhile: the next one is looked for from here
        }
    }

    /** Documents passed over because they are damaged. */
    public long damaged() {
        return damagedBefore + (open == null ? 0 : open.damaged());
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            damagedBefore += open.damaged();
            open.close();
            open = null;
        }
    }
}
