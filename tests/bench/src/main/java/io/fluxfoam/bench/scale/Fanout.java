package io.fluxfoam.bench.scale;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A stream of this process with sleeping readers in processes of their own. Belongs to one thread.
 */
final class Fanout implements AutoCloseable {
    private static final String NODE = "writer";
    private static final String STREAM = "bench";
    private static final long REPLY_TIMEOUT_MS = 60_000;
    private static final long QUIET_NS = 20_000_000;
    private final Workspace workspace;
    private final FoamDirectory foam;
    private final StreamWriter writer;
    private final List<ChildProcess> readers = new ArrayList<>();
    private long tag;

    Fanout(Workspace workspace, String name, long payloadBytes, int maxReaders) throws IOException {
        this.workspace = workspace;
        this.foam = FoamDirectory.create(workspace.directory().resolve(name));
        StreamSpec spec =
                StreamSpec.of(STREAM, DType.U8, payloadBytes)
                        .maxReaders(maxReaders)
                        .checksum(Checksum.NONE);
        this.writer = StreamWriter.create(foam, NODE, 1, spec, Device.of("host"));
    }

    /**
     * What a reader saw of a run.
     *
     * @param p50Ns of the time from just before the commit to the first and last byte read
     * @param leases commits read
     * @param missed commits that went by
     * @param cpuNs time of its thread on a core
     */
    record Seen(long p50Ns, long p99Ns, long leases, long missed, long cpuNs) {
        private static Seen ofLine(String line) {
            long[] figures = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
            return new Seen(figures[0], figures[1], figures[2], figures[3], figures[4]);
        }
    }

    /**
     * What a run was.
     *
     * @param commits how many
     * @param elapsedNs time from the first to the last
     * @param commitP50Ns of the commit call alone
     * @param seen by each reader
     */
    record Run(long commits, long elapsedNs, long commitP50Ns, long commitP99Ns, List<Seen> seen) {}

    /** Brings the readers to this number. */
    void readers(int count) throws IOException, InterruptedException {
        List<ChildProcess> started = new ArrayList<>();
        while (readers.size() < count) {
            String name = "reader-" + readers.size();
            String control = FoamDirectory.fileName(NODE, 1, STREAM + ".control");
            ChildProcess reader =
                    workspace.start(
                            foam.path().getFileName() + "-" + name,
                            JavaLine.of(
                                    ReaderChild.class,
                                    List.of("-Xmx48m"),
                                    List.of(foam.path().toString(), control, name)));
            readers.add(reader);
            started.add(reader);
        }
        for (ChildProcess reader : started) {
            reader.receive(REPLY_TIMEOUT_MS);
        }
    }

    /** Commits this often, with this pause between two; 0 for none. */
    Run run(int commits, long pauseNs) throws IOException, InterruptedException {
        long lastTag = tag + commits;
        for (ChildProcess reader : readers) {
            reader.send(Long.toString(lastTag));
        }
        LockSupport.parkNanos(QUIET_NS);
        long[] commitNs = new long[commits];
        long startNs = System.nanoTime();
        long nextNs = startNs;
        for (int i = 0; i < commits; i++) {
            while (pauseNs > 0 && System.nanoTime() < nextNs) {
                LockSupport.parkNanos(nextNs - System.nanoTime());
            }
            nextNs += pauseNs;
            commitNs[i] = commit();
        }
        long elapsedNs = System.nanoTime() - startNs;
        List<Seen> seen = new ArrayList<>();
        for (ChildProcess reader : readers) {
            seen.add(Seen.ofLine(reader.receive(REPLY_TIMEOUT_MS)));
        }
        Arrays.sort(commitNs);
        return new Run(
                commits,
                elapsedNs,
                SampleStatistics.percentile(commitNs, 0.5),
                SampleStatistics.percentile(commitNs, 0.99),
                seen);
    }

    private long commit() {
        try (Claim claim = writer.claim()) {
            claim.payload().fill((byte) ++tag);
            long startNs = System.nanoTime();
            claim.tag(tag).commit(tag, startNs);
            return System.nanoTime() - startNs;
        }
    }

    @Override
    public void close() {
        readers.forEach(workspace::end);
        writer.close();
    }
}
