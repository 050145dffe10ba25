package io.fluxfoam.counters;

import static io.fluxfoam.counters.CountersDescriptor.*;

import io.fluxfoam.memory.MappedFile;

import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A node's own counters and error log. The file stays mapped until the process ends, since a
 * counter may be touched by any thread at any time. Creating counters is for the start and the
 * control plane; using them allocates nothing.
 */
public final class Counters {
    private final MappedFile file;
    private final CountersManager manager;
    private final DistinctErrorLog errorLog;
    private final Map<String, Object> byLabel = new HashMap<>();
    private final Counter errors;
    private volatile boolean isFull;

    private Counters(MappedFile file, CountersManager manager, DistinctErrorLog errorLog) {
        this.file = file;
        this.manager = manager;
        this.errorLog = errorLog;
        this.errors = counter(FabricCounters.ERRORS);
    }

    /** Creates the counters file of a new incarnation. */
    public static Counters create(Path path, long incarnation) throws IOException {
        int fileBytes = fileBytes(CAPACITY, ERROR_LOG_BYTES);
        MappedFile file = MappedFile.create(path, fileBytes);
        UnsafeBuffer all = new UnsafeBuffer(file.segment().asByteBuffer());
        all.putInt(VERSION_AT, VERSION);
        all.putInt(CAPACITY_AT, CAPACITY);
        all.putLong(INCARNATION_AT, incarnation);
        all.putLong(ERROR_LOG_BYTES_AT, ERROR_LOG_BYTES);
        CountersManager manager =
                new CountersManager(
                        new UnsafeBuffer(all, HEADER_BYTES, metadataBytes(CAPACITY)),
                        new UnsafeBuffer(all, valuesAt(CAPACITY), valuesBytes(CAPACITY)));
        DistinctErrorLog errorLog =
                new DistinctErrorLog(
                        new UnsafeBuffer(all, errorLogAt(CAPACITY), ERROR_LOG_BYTES),
                        SystemEpochClock.INSTANCE);
        Counters counters = new Counters(file, manager, errorLog);
        all.putLongRelease(MAGIC_AT, MAGIC);
        return counters;
    }

    /** The declared counter, of zero if it is new. */
    public Counter counter(CounterSpec spec) {
        return counter(spec.requireLabel());
    }

    /** The declared gauge, of NaN if it is new. */
    public Gauge gauge(CounterSpec spec) {
        return gauge(spec.requireLabel());
    }

    /** A node's own counter by its label, of zero if it is new. */
    public synchronized Counter counter(String label) {
        return (Counter) byLabel.computeIfAbsent(label, l -> new Counter(allocate(l, LONG_TYPE)));
    }

    /** A node's own gauge by its label, of NaN if it is new. */
    public synchronized Gauge gauge(String label) {
        return (Gauge) byLabel.computeIfAbsent(label, l -> new Gauge(allocate(l, DOUBLE_TYPE)));
    }

    /**
     * A node does not end for want of a counter: those beyond the file's capacity count, but nobody
     * sees them.
     */
    private AtomicCounter allocate(String label, int type) {
        if (byLabel.size() < CAPACITY) {
            return manager.newCounter(label, type);
        }
        record(
                new IllegalStateException(
                        "no room for more counters: capacity="
                                + CAPACITY
                                + " path="
                                + file.path()));
        return new AtomicCounter(new UnsafeBuffer(ByteBuffer.allocateDirect(VALUE_BYTES)), 0);
    }

    /**
     * Records an error: distinct ones once, with a count and the time of the first and the last.
     */
    public void record(Throwable error) {
        errors.increment();
        if (!errorLog.record(error) && !isFull) {
            isFull = true;
            System.err.println("error log is full: path=" + file.path() + " error=" + error);
        }
    }
}
