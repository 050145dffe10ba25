package io.fluxfoam.bench.ipc;

import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Words that the two processes share beside the transport that is measured: who has opened which
 * route, up to which message the reader has read, and a line each way for the ping-pong. Each has a
 * pair of cache lines of its own.
 */
public final class Rendezvous implements AutoCloseable {
    private static final long BYTES = 4096;
    private static final long WRITER_ROUTE_AT = 0;
    private static final long READER_ROUTE_AT = 128;
    private static final long READ_AT = 256;
    private static final long PING_AT = 384;
    private static final long PONG_AT = 512;
    private static final long FAILED_AT = 640;
    private static final long POLL_NS = 50_000;
    private final MappedFile file;
    private final SegmentWords words;

    private Rendezvous(MappedFile file) {
        this.file = file;
        this.words = new SegmentWords(file.segment());
    }

    /** Makes the file. */
    public static void create(Path path) throws IOException {
        MappedFile.create(path, BYTES).close();
    }

    /** Maps it. */
    public static Rendezvous open(Path path) throws IOException {
        return new Rendezvous(MappedFile.openReadWrite(path).populate());
    }

    void writerOpened(int route) {
        words.setRelease(WRITER_ROUTE_AT, route);
    }

    void readerOpened(int route) {
        words.setRelease(READER_ROUTE_AT, route);
    }

    /** Tells the other process that there will be no message on this route. */
    void failed(int route) {
        words.setRelease(FAILED_AT, route);
    }

    void awaitWriter(int route, long timeoutNs) throws TimeoutException {
        awaitWord(WRITER_ROUTE_AT, route, timeoutNs);
    }

    void awaitReader(int route, long timeoutNs) throws TimeoutException {
        awaitWord(READER_ROUTE_AT, route, timeoutNs);
    }

    private void awaitWord(long at, int route, long timeoutNs) throws TimeoutException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (words.getAcquire(at) != route) {
            if (words.getAcquire(FAILED_AT) == route || System.nanoTime() > deadlineNs) {
                throw new TimeoutException(
                        "the other process did not open its end: route=" + route);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /** The reader has read the message with this sequence. */
    public void read(long sequence) {
        words.setRelease(READ_AT, sequence);
    }

    /** Sequence of the message that was read last. */
    public long lastRead() {
        return words.getAcquire(READ_AT);
    }

    void ping(long count) {
        words.setRelease(PING_AT, count);
    }

    long lastPing() {
        return words.getAcquire(PING_AT);
    }

    void pong(long count) {
        words.setRelease(PONG_AT, count);
    }

    long lastPong() {
        return words.getAcquire(PONG_AT);
    }

    @Override
    public void close() {
        file.close();
    }
}
