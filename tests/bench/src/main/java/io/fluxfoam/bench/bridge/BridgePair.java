package io.fluxfoam.bench.bridge;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.SteppedNode;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Two foams with a bridge process each, on loopback: this process writes a stream in the one and
 * reads its mirror in the other.
 */
final class BridgePair implements AutoCloseable {
    private static final String HERE = "127.0.0.1";
    private static final int READERS = 2;
    private static final int SLOTS = 8;
    private static final int UNDER_WAY = 3;
    private static final long JOIN_NS = 60_000_000_000L;

    private final List<ChildProcess> bridges = new ArrayList<>();
    private final SteppedNode source;
    private final SteppedNode neighbour;
    private final SteppedNode sink;
    private final StreamWriter writer;
    private final Subscription mirror;
    private long published;

    /** Without anything between the two. */
    BridgePair(Workspace workspace, String name, int port, long bytes, Optional<Path> key, int mtu)
            throws IOException, InterruptedException {
        this(workspace, name, port, HERE + ":" + port, bytes, key, mtu);
    }

    /**
     * Starts both.
     *
     * @param port where the first listens; the second at the next one
     * @param peer where the second finds the first
     */
    BridgePair(
            Workspace workspace,
            String name,
            int port,
            String peer,
            long bytes,
            Optional<Path> key,
            int mtu)
            throws IOException, InterruptedException {
        Path first = workspace.newDirectory(name + "-first").resolve("foam");
        Path second = workspace.newDirectory(name + "-second").resolve("foam");
        source = SteppedNode.join(new NodeContext().foam(first).name("source").role("source"));
        StreamSpec spec =
                StreamSpec.of("tensors", DType.U8, bytes).maxReaders(READERS).slots(SLOTS);
        writer = source.node().publish(spec);
        source.publish();
        neighbour = SteppedNode.join(new NodeContext().foam(first).name("local").role("sink"));
        neighbour.publish();
        sink = SteppedNode.join(new NodeContext().foam(second).name("sink").role("sink"));
        sink.publish();
        bridge(
                workspace,
                name + "-exporter",
                first,
                key,
                mtu,
                "--listen",
                HERE + ":" + port,
                "--export",
                "source");
        bridge(
                workspace,
                name + "-importer",
                second,
                key,
                mtu,
                "--listen",
                HERE + ":" + (port + 1),
                "--peer",
                peer,
                "--import",
                "source");
        mirror = sink.node().subscribe("source/tensors", ReadMode.IN_ORDER);
        long untilNs = System.nanoTime() + JOIN_NS;
        while (!mirror.connected()) {
            turn();
            Thread.sleep(1);
            if (System.nanoTime() - untilNs > 0) {
                throw new IOException("the bridges do not find each other: " + name);
            }
        }
    }

    private void bridge(
            Workspace workspace,
            String name,
            Path foam,
            Optional<Path> key,
            int mtu,
            String... arguments)
            throws IOException {
        List<String> line = new ArrayList<>(JavaLine.node(Roles.BRIDGE, foam, Roles.BRIDGE));
        line.addAll(List.of("--box", "box", "--idle", "backoff", "--mtu", Integer.toString(mtu)));
        key.ifPresent(file -> line.addAll(List.of("--key", file.toString())));
        line.addAll(Arrays.asList(arguments));
        bridges.add(workspace.start(name, line));
    }

    private void turn() throws IOException {
        long nowNs = System.nanoTime();
        source.turn(nowNs);
        neighbour.turn(nowNs);
        sink.turn(nowNs);
    }

    /** Keeps a few tensors under way for so long; returns the bytes that came in a second. */
    double bytesPerSecond(long durationNs) throws IOException {
        long received = 0;
        long last = published;
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < durationNs) {
            if (published - last < UNDER_WAY) {
                publish();
            }
            Lease lease = mirror.poll();
            if (lease != null) {
                last = lease.frameNumber();
                received += lease.payloadBytes();
                lease.close();
            }
            turn();
        }
        double rate = received * 1e9 / (System.nanoTime() - startNs);
        while (last < published) {
            last = next();
        }
        return rate;
    }

    private void publish() {
        try (Claim claim = writer.claim()) {
            claim.commit(++published, System.nanoTime());
        }
    }

    /** Frame number of the next tensor. */
    private long next() throws IOException {
        long untilNs = System.nanoTime() + JOIN_NS;
        while (System.nanoTime() - untilNs < 0) {
            Lease lease = mirror.poll();
            if (lease != null) {
                long frame = lease.frameNumber();
                lease.close();
                return frame;
            }
            turn();
        }
        throw new IOException("no tensor comes");
    }

    /** One tensor after the other at this pace; returns the median time from commit to lease. */
    double latencyNs(int tensors, long paceNs) throws IOException {
        long[] tookNs = new long[tensors];
        for (int i = 0; i < tensors; i++) {
            long startNs = System.nanoTime();
            publish();
            next();
            tookNs[i] = System.nanoTime() - startNs;
            while (System.nanoTime() - startNs < paceNs) {
                turn();
            }
        }
        Arrays.sort(tookNs);
        return tookNs[tensors / 2];
    }

    /**
     * The same of a reader in the writer's own box, whatever becomes of the mirror's.
     *
     * @return times from commit to lease, in order of their length
     */
    long[] localNs(int tensors, long paceNs) throws IOException {
        long[] tookNs = new long[tensors];
        Subscription local = neighbour.node().subscribe("source/tensors", ReadMode.LATEST);
        while (!local.connected()) {
            turn();
        }
        for (int i = 0; i < tensors; i++) {
            long startNs = System.nanoTime();
            publish();
            Lease lease = local.poll();
            while (lease == null) {
                lease = local.poll();
            }
            tookNs[i] = System.nanoTime() - startNs;
            lease.close();
            while (System.nanoTime() - startNs < paceNs) {
                turn();
                takeMirrored();
            }
        }
        neighbour.node().unsubscribe(local);
        Arrays.sort(tookNs);
        return tookNs;
    }

    private void takeMirrored() {
        for (Lease lease = mirror.poll(); lease != null; lease = mirror.poll()) {
            lease.close();
        }
    }

    @Override
    public void close() {
        for (ChildProcess bridge : bridges) {
            try {
                bridge.terminate(JOIN_NS / 1_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try {
            source.depart(true);
            neighbour.depart(true);
            sink.depart(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        source.close();
        neighbour.close();
        sink.close();
    }
}
