package io.fluxfoam.bench.jmh;

import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/**
 * A stream's data plane on one thread: what its operations cost by themselves, and that they
 * allocate nothing. Nobody sleeps on the stream.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamBench {
    /** What guards the payload. */
    @Param({"NONE", "CRC32C"})
    public Checksum checksum;

    private Workspace workspace;
    private StreamWriter writer;
    private StreamReader newest;
    private StreamReader inOrder;
    private long count;

    /** Creates a stream with a reader of each mode. */
    @Setup(Level.Trial)
    public void create() throws IOException {
        workspace = Workspace.create();
        FoamDirectory foam = FoamDirectory.create(workspace.directory().resolve("foam"));
        StreamSpec spec = StreamSpec.of("bench", DType.F32, 256).checksum(checksum);
        writer = StreamWriter.create(foam, "writer", 1, spec, Device.of("host"));
        String control = FoamDirectory.fileName("writer", 1, "bench.control");
        newest =
                StreamReader.open(
                        foam,
                        control,
                        StreamReader.Join.newest(ReadMode.LATEST, OwnerKey.of("newest", 1)));
        inOrder =
                StreamReader.open(
                        foam,
                        control,
                        StreamReader.Join.newest(ReadMode.IN_ORDER, OwnerKey.of("order", 1)));
    }

    @TearDown(Level.Trial)
    public void remove() {
        newest.close();
        inOrder.close();
        writer.close();
        workspace.close();
    }

    /** Claim, one store, commit. */
    @Benchmark
    public long claimCommit() {
        try (Claim claim = writer.claim()) {
            claim.payload().set(ValueLayout.JAVA_LONG, 0, ++count);
            return claim.commit(count, count);
        }
    }

    /** Claim and close: the slot is given up. */
    @Benchmark
    public void claimAbort() {
        try (Claim claim = writer.claim()) {
            claim.tag(++count);
        }
    }

    /** Claim, commit, lease, one load, close. */
    @Benchmark
    public long commitLeaseNewest() {
        claimCommit();
        return read(newest);
    }

    /** The same with a reader that gets every commit. */
    @Benchmark
    public long commitLeaseInOrder() {
        claimCommit();
        return read(inOrder);
    }

    /** A poll that finds nothing. */
    @Benchmark
    public boolean pollNothing() {
        return newest.poll() == null;
    }

    private static long read(StreamReader reader) {
        try (Lease lease = reader.poll()) {
            return lease.isIntact()
                    ? lease.payload().get(ValueLayout.JAVA_LONG, 0) + lease.frameNumber()
                    : -1;
        }
    }
}
