package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.student.replay.Pairing;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** A student among toy nodes in a foam of its own; all of them really there, in one JVM. */
@Timeout(120)
abstract class StudentAmongToys {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;
    private final List<NodeRunner> runners = new CopyOnWriteArrayList<>(); // toys look at it too

    @AfterEach
    void stopAll() throws InterruptedException {
        runners.reversed().forEach(NodeRunner::close);
        checkToys();
    }

    /** A toy that fails is none of the student's faults, and no reason to wait for it. */
    private void checkToys() throws InterruptedException {
        for (NodeRunner runner : runners) {
            if (!runner.node().name().equals("student") && runner.hasEndedWithin(1)) {
                Throwable failure = runner.await();
                if (failure != null) {
                    throw new AssertionError(runner.node().name() + " failed", failure);
                }
            }
        }
    }

    NodeRunner launch(String name, String role, NodeAgent agent) throws Exception {
        NodeContext context =
                new NodeContext()
                        .foam(foam())
                        .name(name)
                        .role(role)
                        .device(device())
                        .maxIdleNs(1_000_000);
        NodeRunner runner = NodeRunner.launch(context, agent);
        runners.add(runner);
        return runner;
    }

    /** The last one that was launched under this name. */
    NodeRunner named(String name) {
        return runners.reversed().stream()
                .filter(runner -> runner.node().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Where all nodes keep their streams. */
    String device() {
        return "host";
    }

    /** What the student's counters must say of copies after some twenty steps. */
    void checkCopies() throws InterruptedException {
        assertEquals(0, counter("copiedBytes"));
        assertEquals(0, counter("fusedOnGpu"));
    }

    Path foam() {
        return directory.resolve("foam");
    }

    NodeRunner launchStudent(boolean faulty) throws Exception {
        return launch("student", "student", new StudentNode(settings(faulty)));
    }

    static StudentSettings settings(boolean faulty) {
        return settings(Pairing.TRUE, faulty);
    }

    static StudentSettings settings(Pairing pairing, boolean faulty) {
        return new StudentSettings()
                .width(Rig.WIDTH)
                .batch(4)
                .replayMoments(200)
                .momentDeadlineMs(200)
                .saveEveryMs(200)
                .pairing(pairing)
                .trainOnHoldout(faulty)
                .conclude();
    }

    double counter(String label) {
        try {
            long incarnation =
                    runners.stream()
                            .map(NodeRunner::node)
                            .filter(node -> node.name().equals("student"))
                            .mapToLong(Node::incarnation)
                            .max()
                            .orElseThrow();
            Path file = FoamDirectory.create(foam()).file("student", incarnation, "counters");
            Number value = CountersSnapshot.read(file).values().get(label);
            return value == null ? Double.NaN : value.doubleValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            checkToys();
            assertTrue(System.nanoTime() < deadlineNs, "waited in vain: " + what);
            Thread.sleep(5);
        }
    }

    /** For one thread: true from the first time that the condition is; not looked at again then. */
    static BooleanSupplier once(BooleanSupplier condition) {
        AtomicBoolean wasTrue = new AtomicBoolean();
        return () -> {
            if (!wasTrue.get()) {
                wasTrue.set(condition.getAsBoolean());
            }
            return wasTrue.get();
        };
    }
}
