package io.fluxfoam.node;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.journal.Journal;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.node.Toys.Idler;
import io.fluxfoam.node.Toys.Publisher;
import io.fluxfoam.node.Toys.Reader;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What one node left half-written, or somebody scribbled over, is no reason for another node to
 * end.
 */
@Timeout(120)
class DamagedFoamTest {
    private static final StreamSpec X = StreamSpec.of("x", DType.I64, 1);

    @TempDir Path directory;
    private FoamDirectory foam;
    private final List<NodeRunner> running = new ArrayList<>();

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    @AfterEach
    void stopAll() {
        running.forEach(NodeRunner::close);
    }

    private NodeRunner launch(String name, NodeAgent agent) throws IOException {
        NodeRunner runner =
                NodeRunner.launch(
                        new NodeContext().foam(foam.path()).name(name).role("toy"), agent);
        running.add(runner);
        return runner;
    }

    private Mark mark(String name) throws IOException {
        return Mark.acquire(foam, name, "toy", "host", new String[] {"toy"});
    }

    private CountersSnapshot counters(String node) throws IOException {
        return CountersSnapshot.read(
                foam.file(node, MarkView.read(foam, node).incarnation(), "counters"));
    }

    private static void awaitTurns(Idler agent) throws InterruptedException {
        long before = agent.turns.get();
        eventually("the node goes on", () -> agent.turns.get() > before + 50);
    }

    private static NodeState state(Idler agent, String peer) {
        return agent.node.peer(peer).orElseThrow().state();
    }

    @Test
    void shouldSweepWhatAWriterLeftThatDiedBeforeItsStreamWasWhole() throws Exception {
        mark("ear").close();
        Path payload = Files.write(foam.file("ear", 1, "x.payload"), new byte[64]);
        Path empty = Files.createFile(foam.path().resolve(".ear.1.x.control"));
        Path zeros = Files.write(foam.path().resolve(".ear.1.y.control"), new byte[4096]);
        Path manifest = Files.write(foam.path().resolve(".ear.1.manifest.tmp"), new byte[10]);
        Idler agent = new Idler();
        launch("eye", agent);
        for (Path file : List.of(payload, empty, zeros, manifest)) {
            eventually("swept " + file, () -> Files.notExists(file));
        }
        awaitTurns(agent);
        assertEquals(List.of(), counters("eye").errors());
    }

    @Test
    void shouldSweepADeadNodesStreamWhoseControlFileIsDamaged() throws Exception {
        mark("ear").close();
        byte[] garbage = new byte[4096];
        Arrays.fill(garbage, (byte) 0x5a);
        Path control = Files.write(foam.file("ear", 1, "x.control"), garbage);
        Idler agent = new Idler();
        launch("eye", agent);
        eventually("swept", () -> Files.notExists(control));
        awaitTurns(agent);
    }

    @Test
    void shouldGoOnBesideMarksThatCannotBeRead() throws Exception {
        byte[] garbage = new byte[4096];
        Arrays.fill(garbage, (byte) 0x5a);
        Files.createSymbolicLink(foam.path().resolve("link.mark"), foam.path().resolve("created"));
        Files.createDirectory(foam.path().resolve("folder.mark"));
        Files.write(foam.mark("garbage"), garbage);
        Path open = Files.createFile(foam.mark("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-rw-"));
        mark("newer").close();
        try (RandomAccessFile file = new RandomAccessFile(foam.mark("newer").toFile(), "rw")) {
            file.seek(8);
            file.write(9);
        }
        mark("liar").close();
        Files.copy(foam.mark("liar"), foam.mark("other"));
        Files.createFile(foam.mark("empty"));
        Files.write(foam.mark("short"), new byte[10]);
        Idler agent = new Idler();
        launch("eye", agent);
        mark("ear");
        eventually("the good one is seen", () -> state(agent, "ear").isHeld());
        awaitTurns(agent);
        List<String> bad = List.of("link", "folder", "garbage", "open", "newer", "other");
        CountersSnapshot seen = counters("eye");
        assertEquals(bad.size(), seen.errors().size(), () -> seen.errors().toString());
        assertEquals(bad.size(), seen.number("errors"));
        for (String name : bad) {
            assertTrue(
                    seen.errors().stream()
                            .anyMatch(error -> error.summary().contains("/" + name + ".mark")),
                    () -> name + " in " + seen.errors());
        }
    }

    @Test
    void shouldJudgeByTheLockAloneWhenAMarkIsScribbledOver() throws Exception {
        Idler agent = new Idler();
        launch("eye", agent);
        try (Mark _ = mark("ear")) {
            eventually("seen", () -> state(agent, "ear").isHeld());
            try (RandomAccessFile file = new RandomAccessFile(foam.mark("ear").toFile(), "rw")) {
                file.write(new byte[] {1, 2, 3});
            }
            eventually("noticed", () -> counters("eye").number("errors") == 1);
            eventually("its lock is held", () -> state(agent, "ear") == NodeState.STALLED);
            awaitTurns(agent);
        }
        eventually("its lock is free", () -> state(agent, "ear") == NodeState.DEAD);
        assertEquals(1, counters("eye").number("errors"));
    }

    @Test
    void shouldSurviveAMarkThatIsCutOffUnderItsEyes() throws Exception {
        Idler agent = new Idler();
        launch("eye", agent);
        try (Mark _ = mark("ear")) {
            eventually("seen", () -> state(agent, "ear").isHeld());
            try (RandomAccessFile file = new RandomAccessFile(foam.mark("ear").toFile(), "rw")) {
                file.setLength(0);
            }
            eventually("noticed", () -> counters("eye").number("errors") == 1);
            eventually("its lock is held", () -> state(agent, "ear") == NodeState.STALLED);
        }
        eventually("its lock is free", () -> state(agent, "ear") == NodeState.DEAD);
        awaitTurns(agent);
    }

    @Test
    void shouldFollowANameWhoseMarkWasRemovedAndMadeAnew() throws Exception {
        Idler agent = new Idler();
        launch("eye", agent);
        mark("ear").close();
        eventually("dead", () -> state(agent, "ear") == NodeState.DEAD);
        Files.delete(foam.mark("ear"));
        try (Mark ear = mark("ear")) {
            assertEquals(1, ear.incarnation());
            eventually("the new one lives", () -> state(agent, "ear").isHeld());
        }
    }

    @Test
    void shouldReadOnAfterAPeersControlWordsWereScribbledOver() throws Exception {
        Publisher source = new Publisher(X);
        NodeRunner first = launch("ear", source);
        Reader agent = new Reader("ear/x", ReadMode.IN_ORDER);
        launch("eye", agent);
        source.wanted.set(3);
        eventually("read", () -> agent.last.get() == 3);
        try (RandomAccessFile file =
                new RandomAccessFile(foam.file("ear", 1, "x.control").toFile(), "rw")) {
            file.seek(1024); // latest
            file.writeLong(-1);
        }
        awaitTurns(agent);
        first.close();
        source.wanted.set(0);
        Publisher second = new Publisher(X);
        launch("ear", second);
        second.wanted.set(7);
        eventually("the next incarnation is read", () -> agent.last.get() == 7);
    }

    @Test
    void shouldCountASlotWithAnImpossibleHeaderAsTorn() throws Exception {
        Publisher source = new Publisher(X);
        launch("ear", source);
        source.wanted.set(1);
        Path control = foam.file("ear", 1, "x.control");
        eventually("committed", () -> StreamView.read(control).sequence() == 1);
        try (RandomAccessFile file = new RandomAccessFile(control.toFile(), "rw")) {
            file.seek(1408 + 8 * 32 + 40); // payloadBytes of slot 0, behind an index of 32 entries
            file.writeLong(Long.MAX_VALUE);
        }
        Reader agent = new Reader("ear/x", ReadMode.LATEST);
        launch("eye", agent);
        eventually("seen", () -> counters("eye").number("read.ear/x.torn") == 1);
        source.wanted.set(2);
        eventually("the next one is read", () -> agent.last.get() == 2);
    }

    @Test
    void shouldNotHangOnAManifestThatIsAPipe() throws Exception {
        Idler agent = new Idler();
        launch("eye", agent);
        try (Mark _ = mark("ear")) {
            assertEquals(
                    0,
                    new ProcessBuilder(
                                    "mkfifo",
                                    "-m",
                                    "600",
                                    foam.file("ear", 1, "manifest").toString())
                            .start()
                            .waitFor());
            eventually("refused", () -> counters("eye").number("errors") > 0);
            awaitTurns(agent);
        }
    }

    /**
     * A node of a foam that was removed would hold leases that nobody respects, beside a namesake
     * of the same number.
     */
    @Test
    void shouldEndWhenItsMarkIsRemovedAndLeaveItsNamesakeAlone() throws Exception {
        Publisher ghost = new Publisher(X);
        NodeRunner runner = launch("ear", ghost);
        Path manifest = foam.file("ear", 1, "manifest");
        eventually("published", () -> Files.exists(manifest));
        for (String file : foam.list()) {
            Files.delete(foam.path().resolve(file));
        }
        NodeRunner namesake = launch("ear", new Publisher(X));
        assertEquals(1, namesake.node().incarnation());
        assertTrue(runner.await().getMessage().contains("mark was removed under it: path="));
        eventually("published", () -> Files.exists(manifest));
        assertTrue(Files.exists(foam.file("ear", 1, "x.control")));
        assertTrue(Files.exists(foam.file("ear", 1, "x.payload")));
        assertTrue(MarkView.read(foam, "ear").state().isHeld());
    }

    @Test
    void shouldFreeItsLockEvenIfItCannotTidyUp() throws Exception {
        NodeRunner runner = launch("eye", new Idler());
        Path manifest = foam.file("eye", 1, "manifest");
        eventually("published", () -> Files.exists(manifest));
        Files.delete(manifest);
        Files.createDirectories(manifest.resolve("in the way"));
        runner.stop();
        assertTrue(runner.await() instanceof IOException);
        assertEquals(NodeState.DEAD, MarkView.read(foam, "eye").state());
    }

    @Test
    void shouldStopCleanlyWhenNothingIsInTheWay() throws Exception {
        NodeRunner runner = launch("eye", new Idler());
        runner.stop();
        assertNull(runner.await());
        assertEquals(NodeState.STOPPED, MarkView.read(foam, "eye").state());
    }

    /** Some node was about to write its first fact when somebody removed the foam. */
    @Test
    void shouldNotMakeARemovedFoamAnew() throws Exception {
        Path moved = directory.resolve("removed");
        Files.move(foam.path(), moved);
        for (Path inside : List.of(foam.path().resolve("journal").resolve("a"), foam.path())) {
            assertThrows(
                    IOException.class,
                    () -> foam.createDirectories(inside.resolve("state").resolve("b")));
        }
        assertTrue(Files.notExists(foam.path()));
        Files.move(moved, foam.path());
        Path journal = foam.createDirectories(foam.path().resolve("journal").resolve("a"));
        try (Journal written = Journal.open(journal, "a", 1)) {
            Files.move(foam.path(), moved);
            assertThrows(IOException.class, () -> written.append("fact", Map.of("a", 1)));
        }
        assertTrue(Files.notExists(foam.path()));
    }
}
