package io.fluxfoam.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.bridge.session.BridgeKey;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.SteppedNode;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Two foams with a bridge each, in this process: the first exports, the second imports. */
final class TwoBoxes implements AutoCloseable {
    private static final long WATCHDOG_NS = TimeUnit.SECONDS.toNanos(20);

    final Path first;
    final Path second;
    final List<String> said = new ArrayList<>();
    private final InetSocketAddress firstAt = free();
    private final InetSocketAddress secondAt = free();
    private final SteppedNode reader;
    private final List<ToyNode> toys = new ArrayList<>();
    BridgeKey exportKey = BridgeKey.none();
    BridgeKey importKey = BridgeKey.none();
    List<String> exports = List.of("*");
    List<String> imports = List.of("*");
    List<String> newest = List.of();
    NodeRunner exporter;
    NodeRunner importer;

    TwoBoxes(Path directory) throws IOException {
        first = directory.resolve("first");
        second = directory.resolve("second");
        FoamDirectory.create(first);
        reader = SteppedNode.join(new NodeContext().foam(second).name("reader").role("reader"));
        reader.publish();
    }

    private static InetSocketAddress free() {
        try (ServerSocket probe = new ServerSocket(0)) {
            return new InetSocketAddress("127.0.0.1", probe.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    InetSocketAddress exportAddress() {
        return firstAt;
    }

    InetSocketAddress importAddress() {
        return secondAt;
    }

    TwoBoxes start() throws IOException {
        startExporter();
        startImporter();
        return this;
    }

    void startExporter() throws IOException {
        exporter =
                launch(
                        first,
                        new BridgeSettings(
                                "one", firstAt, List.of(), exportKey, exports, List.of(), List.of(),
                                0, false));
    }

    void startImporter() throws IOException {
        importer =
                launch(
                        second,
                        new BridgeSettings(
                                "two",
                                secondAt,
                                List.of(firstAt),
                                importKey,
                                List.of(),
                                imports,
                                newest,
                                0,
                                false));
    }

    private NodeRunner launch(Path foam, BridgeSettings settings) throws IOException {
        return NodeRunner.launch(
                new NodeContext().foam(foam).name("bridge").role("bridge"),
                new BridgeNode(settings, this::say));
    }

    private void say(String line) {
        synchronized (said) {
            said.add(line);
        }
    }

    boolean hasSaid(String part) {
        synchronized (said) {
            return said.stream().anyMatch(line -> line.contains(part));
        }
    }

    ToyNode toy(String name, String... streams) throws IOException {
        return add(new ToyNode(first, name, streams));
    }

    ToyNode add(ToyNode toy) {
        toys.add(toy);
        return toy;
    }

    Node reader() {
        return reader.node();
    }

    Subscription read(String target, ReadMode mode) {
        return reader.node().subscribe(target, mode);
    }

    void turn() throws IOException {
        reader.turn(System.nanoTime());
    }

    /** Waits for a condition, while all nodes of the test live. */
    void await(String what, Callable<Boolean> condition) throws Exception {
        long deadlineNs = System.nanoTime() + WATCHDOG_NS;
        while (!condition.call()) {
            for (ToyNode toy : toys) {
                if (toy.isTurned()) {
                    toy.turn();
                }
            }
            turn();
            assertTrue(
                    System.nanoTime() - deadlineNs < 0,
                    () -> "never: " + what + " " + said + failure(exporter) + failure(importer));
            Thread.sleep(1);
        }
    }

    private static String failure(NodeRunner runner) {
        try {
            return runner == null || !runner.hasEndedWithin(0) ? "" : " ended: " + runner.await();
        } catch (InterruptedException e) {
            return e.toString();
        }
    }

    void awaitState(String node, NodeState state) throws Exception {
        await(node + " is " + state, () -> state(node) == state);
    }

    /** Null while it is not there yet. */
    NodeState state(String node) throws IOException {
        FoamDirectory foam = FoamDirectory.open(second);
        try {
            return Files.exists(foam.mark(node)) ? MarkView.read(foam, node).state() : null;
        } catch (LayoutException e) {
            assertEquals(LayoutException.Kind.BEING_CREATED, e.kind());
            return null;
        }
    }

    Optional<Manifest> manifest(String node) {
        return reader.node().peer(node).flatMap(PeerView::manifest);
    }

    /** What a mirror has counted, or the bridge of the first box; -1 if it says nothing. */
    long count(String node, String label) throws IOException {
        Path foam = node.equals("bridge") ? first : second;
        MarkView mark = MarkView.read(FoamDirectory.open(foam), node);
        Path counters = foam.resolve(FoamDirectory.fileName(node, mark.incarnation(), "counters"));
        return CountersSnapshot.read(counters).values().getOrDefault(label, -1).longValue();
    }

    /** The next tensor, checked. */
    long take(Subscription subscription) throws Exception {
        long[] frame = new long[1];
        await(
                "a tensor of " + subscription.node(),
                () -> {
                    Lease lease = subscription.poll();
                    if (lease != null) {
                        try (lease) {
                            frame[0] = check(lease);
                        }
                    }
                    return lease != null;
                });
        return frame[0];
    }

    static long check(Lease lease) {
        assertNotNull(lease);
        assertTrue(lease.isIntact());
        assertTrue(ToyNode.isOf(lease.payload(), lease.frameNumber()));
        assertEquals(lease.frameNumber() * 3, lease.tag());
        return lease.frameNumber();
    }

    @Override
    public void close() throws IOException {
        for (ToyNode toy : toys) {
            toy.close();
        }
        if (importer != null) {
            importer.close();
        }
        if (exporter != null) {
            exporter.close();
        }
        reader.depart(true);
        reader.close();
    }
}
