package io.fluxfoam.journal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongSupplier;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * The facts that one node leaves for later, in a directory of its own. Every entry is whole or absent, also after a kill in
 * the middle of an append; the next incarnation goes on in the same directory. May be called from any thread, one at a
 * time. Not for the data plane: an append takes microseconds to milliseconds and allocates.
 */
public final class Journal implements AutoCloseable {
    static final String SUFFIX = ".cq4";

    private static final int BLOCK_BYTES = 64 << 10;
    private static final int LOCK_TIMEOUT_MS = 200;
    private static final RollCycle ROLL_CYCLE = RollCycles.FAST_HOURLY;
    private static final String FILE_MODE = "rw-------";

    private final Path directory;
    private final String node;
    private final long incarnation;
    private final Retention retention;
    private final LongSupplier wallMillis;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private int cycle = -1;
    private long bytesInCycle;
    private long dropped;

    private Journal(Path directory, String node, long incarnation, Retention retention, LongSupplier wallMillis) {
        this.directory = directory;
        this.node = node;
        this.incarnation = incarnation;
        this.retention = retention;
        this.wallMillis = wallMillis;
        this.queue =
                ChronicleQueue.singleBuilder(directory)
                        .rollCycle(ROLL_CYCLE)
                        .blockSize(BLOCK_BYTES)
                        .timeoutMS(LOCK_TIMEOUT_MS)
                        .timeProvider(wallMillis::getAsLong)
                        .build();
        this.appender = queue.createAppender();
    }

    /** Opens a node's journal, created if need be. Takes some hundred milliseconds of class loading the first time. */
    public static Journal open(Path directory, String node, long incarnation) throws IOException {
        return open(directory, node, incarnation, Retention.DEFAULT, System::currentTimeMillis);
    }

    /** Opens a journal with its own bounds and wall clock. */
    public static Journal open(
            Path directory, String node, long incarnation, Retention retention, LongSupplier wallMillis)
            throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            return new Journal(directory, node, incarnation, retention, wallMillis);
        } catch (RuntimeException | InternalError e) {
            throw failure(directory, e);
        }
    }

    /**
     * Writes a fact.
     *
     * @param facts names with numbers, texts, booleans, or maps and collections of these
     * @return whether it was written; false if this hour's file is full, see {@link #dropped()}
     * @throws IOException if the journal cannot be written, for example on a full device
     */
    public synchronized boolean append(String kind, Map<String, ?> facts) throws IOException {
        String json = JsonLine.of(facts);
        try {
            long nowMillis = wallMillis.getAsLong();
            beginCycle(ROLL_CYCLE.current(wallMillis::getAsLong, 0));
            long bytes = json.getBytes(StandardCharsets.UTF_8).length;
            if (bytesInCycle + bytes > retention.bytesPerFile()) {
                dropped++;
                return false;
            }
            write(new JournalEntry(nowMillis, node, incarnation, kind, json));
            bytesInCycle += bytes;
            return true;
        } catch (RuntimeException | InternalError e) {
            throw failure(directory, e);
        }
    }

    private void write(JournalEntry entry) throws IOException {
        try (DocumentContext document = appender.writingDocument()) {
            try {
                EntryWire.write(entry, document.wire());
            } catch (RuntimeException | Error e) {
                document.rollbackOnClose();
                throw e;
            }
        }
        if (bytesInCycle == 0) {
            keepPrivate();
        }
    }

    private void beginCycle(int current) throws IOException {
        if (current == cycle) {
            return;
        }
        cycle = current;
        bytesInCycle = 0;
        try (ExcerptTailer tailer = queue.createTailer()) {
            for (boolean more = tailer.moveToCycle(current); more && tailer.cycle() == current; ) {
                try (DocumentContext document = tailer.readingDocument()) {
                    more = document.isPresent();
                    bytesInCycle += more ? document.wire().bytes().readRemaining() : 0;
                }
            }
        }
        deleteOldFiles();
    }

    private void deleteOldFiles() throws IOException {
        Path[] files = files(directory);
        int keep = retention.files() - 1;
        for (int i = 0; i < files.length - keep; i++) {
            Files.deleteIfExists(files[i]);
        }
        if (files.length > keep) {
            queue.refreshDirectoryListing();
        }
    }

    private void keepPrivate() throws IOException {
        for (File file : directory.toFile().listFiles()) {
            Files.setPosixFilePermissions(file.toPath(), PosixFilePermissions.fromString(FILE_MODE));
        }
    }

    /** The journal's files, oldest first. */
    static Path[] files(Path directory) {
        File[] files = directory.toFile().listFiles((parent, name) -> name.endsWith(SUFFIX));
        return files == null ? new Path[0] : Arrays.stream(files).sorted().map(File::toPath).toArray(Path[]::new);
    }

    /** Facts not written because their hour's file was full. */
    public synchronized long dropped() {
        return dropped;
    }

    private static IOException failure(Path directory, Throwable cause) {
        return new IOException("journal cannot be written: directory=" + directory + " " + cause, cause);
    }

    @Override
    public synchronized void close() {
        appender.close();
        queue.close();
    }
}
