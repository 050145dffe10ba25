package io.fluxfoam.cli.tape;

import io.fluxfoam.journal.JournalEntry;
import io.fluxfoam.journal.JournalReader;
import io.fluxfoam.tape.TapeWriter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Writes the lines of the nodes' journals to the tape as they come. */
final class RecordedJournals implements AutoCloseable {
    private final Path directory;
    private final TapeWriter tape;
    private final long fromMillis;
    private final Map<String, JournalReader> readers = new HashMap<>();
    private long lines;

    /**
     * Of this directory, which has one for each node: what is written from now on, or was while no
     * recorder wrote the tape.
     */
    RecordedJournals(Path directory, TapeWriter tape) {
        this.directory = directory;
        this.tape = tape;
        long onTape = tape.state().journalMillis();
        fromMillis = onTape == 0 ? System.currentTimeMillis() : onTape;
    }

    /** Reads what a node has written; false if the limit is reached. */
    boolean read(String node) throws IOException {
        JournalReader reader =
                readers.computeIfAbsent(node, name -> new JournalReader(directory.resolve(name)));
        for (JournalEntry line = reader.poll(); line != null; line = reader.poll()) {
            if (line.wallMillis() > fromMillis) {
                if (!tape.noted(line)) {
                    return false;
                }
                lines++;
            }
        }
        return true;
    }

    long lines() {
        return lines;
    }

    @Override
    public void close() throws IOException {
        for (JournalReader reader : readers.values()) {
            reader.close();
        }
    }
}
