package io.fluxfoam.bench.bridge;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.ThreadTimes;
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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One box of many: a foam with a bridge process, a node that writes what others import, and one
 * that reads what it imports itself. Both nodes are of this process.
 */
final class BridgedFoam implements AutoCloseable {
    private final Path foam;
    private final SteppedNode source;
    private final SteppedNode sink;
    private final List<StreamWriter> writers = new ArrayList<>();
    private final List<Subscription> mirrors = new ArrayList<>();
    private final ChildProcess bridge;

    /** What a bridge has used since its start, and what it uses now. */
    record Use(long cpuNs, int threads, long residentBytes, long mediaBytes) {}

    BridgedFoam(
            Workspace workspace,
            int number,
            Topology topology,
            List<String> addresses,
            SourceShape shape,
            Path key)
            throws IOException {
        foam = workspace.newDirectory("box-" + number).resolve("foam");
        String own = name(number);
        source = SteppedNode.join(new NodeContext().foam(foam).name(own).role("source"));
        List<StreamSpec> streams = shape.streams(addresses.size() + 1);
        for (StreamSpec stream : streams) {
            writers.add(source.node().publish(stream));
        }
        source.publish();
        sink = SteppedNode.join(new NodeContext().foam(foam).name("sink").role("sink"));
        sink.publish();
        List<String> line = new ArrayList<>(JavaLine.node(Roles.BRIDGE, foam, Roles.BRIDGE));
        line.addAll(List.of("--box", "box-" + number, "--listen", addresses.get(number)));
        line.addAll(List.of("--key", key.toString()));
        if (topology.isAsked(number, addresses.size())) {
            line.addAll(List.of("--export", own));
        }
        topology.peersOf(number, addresses.size())
                .forEach(peer -> {
                    line.addAll(List.of("--peer", addresses.get(peer)));
                    for (StreamSpec stream : streams) {
                        mirrors.add(
                                sink.node()
                                        .subscribe(
                                                name(peer) + "/" + stream.name(),
                                                ReadMode.IN_ORDER));
                    }
                });
        if (!mirrors.isEmpty()) {
            line.addAll(List.of("--import", "source-*"));
        }
        bridge = workspace.start("bridge-" + number, line);
    }

    private static String name(int number) {
        return "source-" + number;
    }

    /** Whether all that it imports is there. */
    boolean isConnected() {
        return mirrors.stream().allMatch(Subscription::connected);
    }

    int mirroredStreams() {
        return mirrors.size();
    }

    void turn() throws IOException {
        long nowNs = System.nanoTime();
        source.turn(nowNs);
        sink.turn(nowNs);
    }

    /** One tensor on each of its streams. */
    void publish(long frame) {
        for (StreamWriter writer : writers) {
            try (Claim claim = writer.claim()) {
                claim.commit(frame, System.nanoTime());
            }
        }
    }

    /** Takes what has come. */
    void drain(Arrivals arrivals) {
        for (Subscription mirror : mirrors) {
            for (Lease lease = mirror.poll(); lease != null; lease = mirror.poll()) {
                arrivals.add(lease.frameNumber(), lease.payloadBytes(), System.nanoTime());
                lease.close();
            }
        }
    }

    Use use() throws IOException {
        ThreadTimes times = ThreadTimes.of(bridge.pid());
        long resident = 0;
        for (String line : Files.readAllLines(Path.of("/proc/" + bridge.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                resident = Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return new Use(times.totalNs(), times.byThread().size(), resident, mediaBytes());
    }

    private long mediaBytes() throws IOException {
        try (Stream<Path> files = Files.walk(foam.resolve(Roles.BRIDGE + ".aeron"))) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    @Override
    public void close() {
        try {
            bridge.terminate(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        source.close();
        sink.close();
    }
}
