package io.fluxfoam.tests;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.ChildJvm;
import io.fluxfoam.tests.toy.Clock;
import io.fluxfoam.tests.toy.Watcher;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

@Timeout(300)
class TwoNodesTest {
    private static final long SEED = Long.getLong("seed", 20261123L);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private Path foamPath;
    private final List<ChildJvm> children = new ArrayList<>();

    @BeforeEach
    void createFoam() throws IOException {
        foamPath = directory.resolve("foam");
    }

    @AfterEach
    void killAll() {
        children.forEach(ChildJvm::close);
    }

    private ChildJvm start(String name, Class<?> main, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--foam", foamPath.toString(), "--name", name));
        all.addAll(List.of(arguments));
        ChildJvm child = ChildJvm.start(directory.resolve(name + ".log"), main, all.toArray());
        children.add(child);
        return child;
    }

    private FoamDirectory foam() throws IOException {
        return FoamDirectory.open(foamPath);
    }

    private MarkView mark(String node) throws IOException {
        return MarkView.read(foam(), node);
    }

    private CountersSnapshot counters(String node) throws IOException {
        return CountersSnapshot.read(foam().file(node, mark(node).incarnation(), "counters"));
    }

    private void assertNoErrors(String node) throws IOException {
        assertTrue(
                counters(node).errors().isEmpty(),
                () -> {
                    try {
                        return node + ": " + counters(node).errors();
                    } catch (IOException e) {
                        return e.toString();
                    }
                });
    }

    @Test
    void shouldGoOnWhenEitherIsKilledAtAnyInstant() throws Exception {
        Random random = new Random(SEED);
        System.out.println("seed=" + SEED);
        ChildJvm clock = start("clock", Clock.class);
        ChildJvm watcher = start("watcher", Watcher.class);
        ChildJvm follower = start("follower", Watcher.class, "--mode", "IN_ORDER");
        eventually("the clock is there", () -> mark2("clock") > 0);
        for (int kill = 0; kill < 6; kill++) {
            long incarnation = mark2("clock");
            eventually(
                    "follower reads",
                    () -> counters("follower").number("seenIncarnation") == mark2("clock"));
            eventually(
                    "watcher reads",
                    () -> counters("watcher").number("seenIncarnation") == mark2("clock"));
            Thread.sleep(random.nextInt(200));
            assertTrue(follower.isAlive(), follower::output);
            if (random.nextBoolean()) {
                clock.kill();
                assertEquals(NodeState.DEAD, mark("clock").state());
                clock = start("clock", Clock.class);
                eventually("clock is back", () -> mark2("clock") > incarnation);
            } else {
                long before = mark2("watcher");
                watcher.kill();
                watcher = start("watcher", Watcher.class);
                eventually("watcher is back", () -> mark2("watcher") > before);
            }
        }
        eventually("all read", () -> counters("watcher").number("reads") > 100);
        assertEquals(0, clock.terminate(), clock::output);
        assertEquals(0, watcher.terminate(), watcher::output);
        assertEquals(0, follower.terminate(), follower::output);
        for (String node : List.of("clock", "watcher", "follower")) {
            assertEquals(NodeState.STOPPED, mark(node).state());
            assertNoErrors(node);
        }
        for (String file : foam().list()) {
            assertFalse(
                    file.endsWith(".payload")
                            || file.endsWith(".control")
                            || file.endsWith(".manifest"),
                    file);
        }
    }

    private long mark2(String node) {
        try {
            return mark(node).incarnation();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void shouldSweepTheStreamsOfADeadNode() throws Exception {
        ChildJvm clock = start("clock", Clock.class);
        start("watcher", Watcher.class);
        eventually("watcher reads", () -> counters("watcher").number("reads") > 10);
        Path payload = foam().file("clock", 1, "ticks.payload");
        assertTrue(Files.exists(payload));
        clock.kill();
        eventually("swept", () -> !Files.exists(payload));
        assertEquals(NodeState.DEAD, mark("clock").state());
        assertNoErrors("watcher");
    }

    @Test
    void shouldRefuseASecondNodeOfTheSameNameWithOneLine() throws Exception {
        start("clock", Clock.class);
        eventually("clock runs", () -> mark("clock").state() == NodeState.ALIVE);
        ChildJvm second =
                ChildJvm.start(
                        directory.resolve("second.log"),
                        Clock.class,
                        "--foam",
                        foamPath.toString());
        assertEquals(1, second.awaitExit());
        assertEquals(1, second.output().lines().count(), second::output);
        assertTrue(
                second.output().contains("a node of this name is running: name=clock"),
                second::output);
    }

    @Test
    void shouldRefuseBadArgumentsWithOneLine() throws Exception {
        ChildJvm bad =
                ChildJvm.start(
                        directory.resolve("bad.log"),
                        Clock.class,
                        "--foam",
                        foamPath.toString(),
                        "--name",
                        "../x");
        assertEquals(2, bad.awaitExit());
        assertEquals(1, bad.output().lines().count(), bad::output);
        ChildJvm unknown =
                ChildJvm.start(directory.resolve("unknown.log"), Clock.class, "--nonsense");
        assertEquals(2, unknown.awaitExit());
        assertEquals(1, unknown.output().lines().count(), unknown::output);
    }
}
