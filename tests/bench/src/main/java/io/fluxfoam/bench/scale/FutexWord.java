package io.fluxfoam.bench.scale;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.memory.Futex;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The least that a wake between two processes costs: a word, a time, and the futex call. Belongs to
 * one thread.
 */
final class FutexWord implements AutoCloseable {
    static final long WORD_AT = 0;
    static final long SENT_AT = 128;
    private static final long BYTES = 4096;
    private static final long REPLY_TIMEOUT_MS = 60_000;
    private static final long QUIET_NS = 20_000_000;
    private final Workspace workspace;
    private final MappedFile file;
    private final SegmentWords words;
    private final MemorySegment word;
    private final ChildProcess sleeper;
    private int count;

    FutexWord(Workspace workspace) throws IOException, InterruptedException {
        Path path = workspace.directory().resolve("word");
        this.workspace = workspace;
        this.file = MappedFile.create(path, BYTES);
        this.words = new SegmentWords(file.segment());
        this.word = file.segment().asSlice(WORD_AT, 4);
        this.sleeper =
                workspace.start(
                        "sleeper",
                        JavaLine.of(
                                FutexChild.class, List.of("-Xmx48m"), List.of(path.toString())));
        sleeper.receive(REPLY_TIMEOUT_MS);
    }

    /** What the sleeper saw. */
    record Woken(long p50Ns, long p99Ns, long cpuNs, long elapsedNs) {}

    /** Wakes the sleeper this often, with this pause between two. */
    Woken run(int wakes, long pauseNs) throws IOException, InterruptedException {
        sleeper.send(Integer.toString(count + wakes));
        LockSupport.parkNanos(QUIET_NS);
        long startNs = System.nanoTime();
        long nextNs = startNs;
        for (int i = 0; i < wakes; i++) {
            while (System.nanoTime() < nextNs) {
                LockSupport.parkNanos(nextNs - System.nanoTime());
            }
            nextNs += pauseNs;
            words.setRelease(SENT_AT, System.nanoTime());
            words.setIntRelease(WORD_AT, ++count);
            Futex.wakeAll(word);
        }
        long elapsedNs = System.nanoTime() - startNs;
        long[] figures =
                Arrays.stream(sleeper.receive(REPLY_TIMEOUT_MS).split(" "))
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new Woken(figures[0], figures[1], figures[2], elapsedNs);
    }

    @Override
    public void close() {
        workspace.end(sleeper);
        file.close();
    }
}
