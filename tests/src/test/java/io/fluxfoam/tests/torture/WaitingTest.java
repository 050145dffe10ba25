package io.fluxfoam.tests.torture;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.ChildJvm;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tests.toy.Clock;
import io.fluxfoam.tests.toy.Watcher;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Readers that sleep: a commit wakes them, nothing makes them sleep for good, and they cost next to
 * nothing meanwhile.
 */
@Timeout(300)
class WaitingTest {
    private static final long SEED = Long.getLong("seed", 20261123L);
    private static final String CONTROL = "writer.1.x.control";

    /** Far beyond the watchdog: a sleep of this bound ends by a commit or fails the test. */
    private static final long FOREVER_MILLIS = 3_600_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private FoamDirectory foam;

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    private static void commit(StreamWriter writer) {
        try (Claim claim = writer.claim()) {
            claim.commit(1, 1);
        }
    }

    /**
     * The commits come just before, while and long after the reader falls asleep; one lost wake
     * would take an hour.
     */
    @Test
    void shouldWakeAtEveryCommit() throws Exception {
        Random random = new Random(SEED);
        StreamSpec spec = StreamSpec.of("x", DType.I64, 1);
        try (StreamWriter writer = StreamWriter.create(foam, "writer", 1, spec, Device.of("host"));
                Worker sleeper =
                        Worker.start(
                                "sleeper",
                                directory,
                                SleeperProcess.class,
                                foam.path(),
                                "sleeper",
                                CONTROL)) {
            for (long round = 1; round <= 1_000; round++) {
                assertEquals("asleep", sleeper.ask("sleep", FOREVER_MILLIS));
                if (random.nextInt(4) > 0) {
                    LockSupport.parkNanos(random.nextInt(200_000));
                }
                commit(writer);
                assertEquals(Long.toString(round), sleeper.answer());
            }
        }
    }

    @Test
    void shouldComeBackAtItsBoundWithoutACommitAndAfterTheWritersDeath() throws Exception {
        StreamSpec spec = StreamSpec.of("x", DType.I64, 1);
        try (Worker sleeper = sleeper(spec)) {
            for (int round = 0; round < 5; round++) {
                assertEquals("asleep", sleeper.ask("sleep", 20));
                assertEquals("0", sleeper.answer());
            }
        }
    }

    /** A sleeper on a stream whose writer is gone before the first sleep, and its files too. */
    private Worker sleeper(StreamSpec spec) throws Exception {
        try (StreamWriter writer =
                StreamWriter.create(foam, "writer", 1, spec, Device.of("host"))) {
            Worker sleeper =
                    Worker.start(
                            "sleeper",
                            directory,
                            SleeperProcess.class,
                            foam.path(),
                            "sleeper",
                            CONTROL);
            eventually(
                    "joined",
                    () -> StreamView.read(foam.path().resolve(CONTROL)).lanes().size() == 1);
            writer.remove();
            return sleeper;
        }
    }

    @Test
    void shouldTurnOnWhenThePeerItSleepsOnIsKilled() throws Exception {
        try (ChildJvm clock = start("clock", Clock.class);
                ChildJvm watcher = start("watcher", Watcher.class)) {
            eventually("it reads", () -> counters("watcher").number("reads") > 100);
            clock.kill();
            eventually("swept", () -> Files.notExists(foam.file("clock", 1, "ticks.payload")));
            assertEquals(NodeState.DEAD, MarkView.read(foam, "clock").state());
            try (ChildJvm _ = start("clock", Clock.class)) {
                eventually(
                        "it reads again", () -> counters("watcher").number("seenIncarnation") == 2);
            }
            assertTrue(watcher.isAlive(), watcher::output);
        }
    }

    /** The thread's and the process's own figures of the kernel, while all streams are silent. */
    @Test
    @Tag("slow")
    void shouldCostNextToNothingWhileItWaits() throws Exception {
        try (ChildJvm watcher = start("watcher", Watcher.class)) {
            eventually("it lives", () -> MarkView.read(foam, "watcher").state() == NodeState.ALIVE);
            Thread.sleep(5_000);
            double seconds = 20;
            long processBefore = cpuTicks(Path.of("/proc/" + watcher.pid() + "/stat"));
            long threadBefore = cpuTicks(dataThread(watcher.pid()).resolve("stat"));
            Thread.sleep((long) (seconds * 1_000));
            double process =
                    (cpuTicks(Path.of("/proc/" + watcher.pid() + "/stat")) - processBefore)
                            / seconds;
            double thread =
                    (cpuTicks(dataThread(watcher.pid()).resolve("stat")) - threadBefore) / seconds;
            System.out.println(
                    "idle: percentOfACore thread="
                            + thread
                            + " process="
                            + process
                            + " seconds="
                            + seconds);
            assertFalse(thread > 5, "a node that waits burns its core");
        }
    }

    private static Path dataThread(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).startsWith("foam-data-")) {
                    return thread;
                }
            }
        }
        throw new AssertionError("no thread named foam-data-*");
    }

    /** Hundredths of a second of user and system time. */
    private static long cpuTicks(Path stat) throws IOException {
        String line = Files.readString(stat);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private ChildJvm start(String name, Class<?> main) throws IOException {
        return ChildJvm.start(
                directory.resolve(name + ".log"),
                main,
                "--foam",
                foam.path().toString(),
                "--name",
                name);
    }

    private CountersSnapshot counters(String node) throws IOException {
        return CountersSnapshot.read(
                foam.file(node, MarkView.read(foam, node).incarnation(), "counters"));
    }
}
