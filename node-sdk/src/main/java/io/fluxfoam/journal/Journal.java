package io.fluxfoam.journal;

import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The facts that one incarnation of a node leaves for later. Every entry is whole or absent, also
 * after a kill in the middle of an append. May be called from any thread, one at a time. Not for
 * the data plane: an append takes microseconds to milliseconds and allocates.
 */
public final class Journal implements AutoCloseable {
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int LOCK_TIMEOUT_MS = 200;
    private static final RollCycle ROLL_CYCLE = RollCycles.FAST_HOURLY;

    /**
     * What the device must have left: a store into a mapped page that it could not provide would
     * end the process.
     */
    private static final long MIN_FREE_BYTES = 8 << 20;

    private final JournalDirectory directory;
    private final Path queuePath;
    private final FileStore device;
    private final String node;
    private final long incarnation;
    private final Retention retention;
    private final LongSupplier wallMillis;
    private @Nullable ChronicleQueue queue;
    private @Nullable ExcerptAppender appender;
    private int cycle = -1;
    private long bytesInCycle;
    private long dropped;

    private Journal(
            Path directory,
            String node,
            long incarnation,
            Retention retention,
            LongSupplier wallMillis)
            throws IOException {
        this.directory = new JournalDirectory(directory);
        this.node = node;
        this.incarnation = incarnation;
        this.retention = retention;
        this.wallMillis = wallMillis;
        this.queuePath = this.directory.createQueue(wallMillis.getAsLong(), incarnation);
        this.device = Files.getFileStore(queuePath);
    }

    /**
     * Begins the journal of an incarnation in the directory of its node, created if need be. The
     * first append takes some hundred milliseconds of class loading.
     */
    public static Journal open(Path directory, String node, long incarnation) throws IOException {
        return open(directory, node, incarnation, Retention.DEFAULT, System::currentTimeMillis);
    }

    /** Begins a journal with its own bounds and wall clock. */
    public static Journal open(
            Path directory,
            String node,
            long incarnation,
            Retention retention,
            LongSupplier wallMillis)
            throws IOException {
        return new Journal(directory, node, incarnation, retention, wallMillis);
    }

    /**
     * Writes a fact.
     *
     * @param kind what it is about, without tabs
     * @param facts names with numbers, texts, booleans, or maps and collections of these
     * @return whether it was written; false if this hour's file is full, see {@link #dropped()}
     * @throws IOException if the journal cannot be written, for example on a full device
     */
    public synchronized boolean append(String kind, Map<String, ?> facts) throws IOException {
        JournalEntry entry =
                new JournalEntry(
                        wallMillis.getAsLong(), node, incarnation, kind, JsonLine.of(facts));
        byte[] bytes = EntryBytes.encode(entry);
        try {
            requireRoom();
            beginCycle(ROLL_CYCLE.current(wallMillis::getAsLong, 0));
            if (bytesInCycle + bytes.length > retention.bytesPerFile()) {
                dropped++;
                return false;
            }
            appender().writeBytes(payload -> payload.write(bytes));
            if (bytesInCycle == 0) {
                JournalDirectory.keepPrivate(queuePath);
            }
            bytesInCycle += bytes.length;
            return true;
        } catch (RuntimeException | InternalError e) {
            throw new IOException("journal cannot be written: directory=" + queuePath + " " + e, e);
        }
    }

    /** Chronicle would make a directory that is gone anew, and the foam around it. */
    private void requireRoom() throws IOException {
        if (!Files.isDirectory(queuePath)) {
            throw new IOException("the journal's directory is gone: directory=" + queuePath);
        }
        if (device.getUsableSpace() < MIN_FREE_BYTES) {
            // Without the changing number of free bytes: the error log would take each for an error
            // of its own.
            throw new IOException(
                    "no space for the journal: leastFreeBytes="
                            + MIN_FREE_BYTES
                            + " directory="
                            + queuePath);
        }
    }

    private void beginCycle(int current) throws IOException {
        if (current == cycle) {
            return;
        }
        appender();
        directory.keepNewest(retention.files() - 1, queuePath);
        cycle = current;
        bytesInCycle = 0;
    }

    /** Made at the first append. */
    private ExcerptAppender appender() {
        if (queue == null) {
            queue =
                    ChronicleQueue.singleBuilder(queuePath)
                            .rollCycle(ROLL_CYCLE)
                            .blockSize(BLOCK_BYTES)
                            .timeoutMS(LOCK_TIMEOUT_MS)
                            .timeProvider(wallMillis::getAsLong)
                            .build();
        }
        if (appender == null) {
            appender = queue.createAppender();
        }
        return appender;
    }

    /** Facts not written because their hour's file was full. */
    public synchronized long dropped() {
        return dropped;
    }

    @Override
    public synchronized void close() {
        if (appender != null) {
            appender.close();
        }
        if (queue != null) {
            queue.close();
        }
    }
}
