package io.fluxfoam.node;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.ChildJvm;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.LaneOwners;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.MortalProcess;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes halt between any two of their stores, beside nodes that go on. {@code
 * -Dtorture.processes=} says how many die in the long form, {@code -Dtorture.parallel=} how many
 * live at a time.
 */
@Timeout(7_200)
class ProcessDeathsTest {
    private static final long SEED = Long.getLong("seed", 20261123L);
    private static final StreamSpec X = StreamSpec.of("x", DType.I64, 512).maxReaders(12);
    private static final long PACE_NS = 500_000;
    private static final int TRIES = 30;

    @TempDir Path directory;
    private FoamDirectory foam;
    private final List<NodeRunner> running = new ArrayList<>();
    private final AtomicLong verifiedReads = new AtomicLong();
    private final Map<String, Integer> deaths = Collections.synchronizedMap(new TreeMap<>());
    private final List<Long> reclaimNs = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    @AfterEach
    void stopAll() {
        running.forEach(NodeRunner::close);
    }

    private void launch(String name, NodeAgent agent) throws IOException {
        running.add(
                NodeRunner.launch(
                        new NodeContext().foam(foam.path()).name(name).role("toy"), agent));
    }

    /** Commits at a pace, each tensor full of its own number. */
    private static final class Survivor implements NodeAgent {
        private StreamWriter stream;

        @Override
        public void onStart(Node node) throws Exception {
            stream = node.publish(X);
        }

        @Override
        public int doWork() {
            LockSupport.parkNanos(PACE_NS);
            try (Claim claim = stream.claim()) {
                long value = stream.sequence() + 1;
                for (long at = 0; at < claim.payload().byteSize(); at += 8) {
                    claim.payload().set(ValueLayout.JAVA_LONG, at, value);
                }
                claim.commit(value, value);
            }
            return 1;
        }
    }

    /** Reads all of it and ends at the first torn word. */
    private final class Witness implements NodeAgent {
        private Subscription stream;

        @Override
        public void onStart(Node node) {
            stream = node.subscribe("survivor/x", ReadMode.IN_ORDER);
        }

        @Override
        public int doWork() {
            try (Lease lease = stream.poll()) {
                if (lease == null) {
                    return 0;
                }
                verify(lease);
                return 1;
            }
        }
    }

    private void verify(Lease lease) {
        MemorySegment payload = lease.payload();
        for (long at = 0; at < payload.byteSize(); at += 8) {
            if (payload.get(ValueLayout.JAVA_LONG, at) != lease.sequence()) {
                throw new AssertionError("torn: sequence=" + lease.sequence() + " at=" + at);
            }
        }
        verifiedReads.incrementAndGet();
    }

    @Test
    void shouldSurviveProcessesThatHaltBetweenAnyTwoStores() throws Exception {
        halt(12, 2);
    }

    @Test
    @Tag("slow")
    void shouldSurviveProcessesThatHaltBetweenAnyTwoStoresInTheLongRun() throws Exception {
        halt(
                Integer.getInteger("torture.processes", 2_000),
                Integer.getInteger("torture.parallel", 3));
    }

    private void halt(int count, int parallel) throws Exception {
        List<String> points = new ArrayList<>(MortalProcess.points(foam));
        Collections.shuffle(points, new Random(SEED));
        ConcurrentLinkedQueue<String> todo = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < count; i++) {
            todo.add(points.get(i % points.size()));
        }
        launch("survivor", new Survivor());
        launch("witness", new Witness());
        Path control = foam.file("survivor", 1, "x.control");
        eventually("the survivor commits", () -> StreamView.read(control).sequence() > 0);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> hands = new ArrayList<>();
        for (int hand = 0; hand < parallel; hand++) {
            String name = "victim-" + hand;
            hands.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    for (String point = todo.poll();
                                            point != null;
                                            point = todo.poll()) {
                                        kill(name, point);
                                    }
                                } catch (Throwable e) {
                                    failures.add(e);
                                    todo.clear();
                                }
                            }));
        }
        for (Thread hand : hands) {
            hand.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("seed=" + SEED, failures.getFirst());
        }
        eventually(
                "what the dead left is swept",
                () -> foam.list().stream().noneMatch(this::isRemains));
        for (String node : List.of("survivor", "witness")) {
            assertTrue(MarkView.read(foam, node).state().isHeld());
            assertEquals(List.of(), CountersSnapshot.read(foam.file(node, 1, "counters")).errors());
        }
        report(count);
    }

    private boolean isRemains(String file) {
        return file.contains("victim-") && (file.endsWith(".control") || file.endsWith(".payload"));
    }

    private void report(int count) {
        long[] sorted = reclaimNs.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.println(
                "seed="
                        + SEED
                        + " processes="
                        + count
                        + " points="
                        + deaths.size()
                        + " verifiedReads="
                        + verifiedReads
                        + " tornReads=0 reclaimMillisP50="
                        + percentile(sorted, 50)
                        + " reclaimMillisP99="
                        + percentile(sorted, 99)
                        + " lanes="
                        + sorted.length);
        System.out.println("deaths by point: " + deaths);
    }

    private static double percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) * percent / 100] / 1e6;
    }

    /**
     * Once, or again if the process never came to the point: for example a store that a reader
     * makes only when it finds nothing new, while on a loaded machine something new is there
     * whenever it looks.
     */
    private void kill(String name, String point) throws Exception {
        int exitCode = 0;
        for (int tries = 0; tries < TRIES && exitCode == 0; tries++) {
            long before = incarnation(name);
            try (ChildJvm child =
                    ChildJvm.start(
                            directory.resolve(name + ".log"),
                            MortalProcess.class,
                            foam.path(),
                            name,
                            "survivor.1.x.control",
                            point)) {
                if (point.startsWith("writer.")) {
                    follow(child, name, before + 1);
                }
                exitCode = child.awaitExit();
                long deadNs = System.nanoTime();
                assertTrue(exitCode == MortalProcess.HALTED || exitCode == 0, child.output());
                assertEquals(before + 1, incarnation(name), child.output());
                assertEquals(NodeState.DEAD, MarkView.read(foam, name).state());
                if (point.startsWith("reader.")) {
                    awaitReclaim(OwnerKey.of(name, before + 1), deadNs);
                }
            }
        }
        assertEquals(MortalProcess.HALTED, exitCode, "never came to " + point);
        deaths.merge(point, 1, Integer::sum);
    }

    private long incarnation(String name) throws IOException {
        try {
            return MarkView.read(foam, name).incarnation();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** A reader of the victim's stream, from its first tensor to long after its death. */
    private void follow(ChildJvm child, String name, long incarnation) throws Exception {
        String control = FoamDirectory.fileName(name, incarnation, "x.control");
        Path path = foam.path().resolve(control);
        while (child.isAlive() && Files.notExists(path)) {
            LockSupport.parkNanos(PACE_NS);
        }
        StreamReader.Join join =
                new StreamReader.Join(
                        ReadMode.IN_ORDER, OwnerKey.of("survivor", 1), LaneOwners.IMMORTAL, true);
        try (StreamReader reader = StreamReader.open(foam, control, join)) {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = child.isAlive();
                for (Lease lease = reader.poll(); lease != null; lease = reader.poll()) {
                    verify(lease);
                    lease.close();
                }
            }
        } catch (NoSuchFileException e) {
            assertTrue(
                    !child.isAlive(),
                    e.toString()); // died before its stream had a name, or was swept at once
        }
    }

    private void awaitReclaim(long owner, long deadNs) throws Exception {
        Path control = foam.file("survivor", 1, "x.control");
        eventually(
                "the lane is free",
                () ->
                        StreamView.read(control).lanes().stream()
                                .noneMatch(lane -> lane.owner() == owner));
        reclaimNs.add(System.nanoTime() - deadNs);
        long from = StreamView.read(control).sequence();
        eventually(
                "every slot is used again",
                () ->
                        StreamView.read(control).slots().stream()
                                        .filter(slot -> slot.sequence() > from)
                                        .count()
                                // one may be under the witness's lease, one is being written
                                >= X.slots() - 2);
    }
}
