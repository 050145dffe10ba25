package io.fluxfoam.cli.tape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.journal.Journal;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.StreamFilter;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.tape.TapeEntry;
import io.fluxfoam.tape.TapeReader;
import io.fluxfoam.tape.TapeWriter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A foam is recorded, and played to another foam, whose readers see what those of the first saw.
 */
@Timeout(120)
class RecordReplayTest {
    private static final String[] TARGETS = {
        "ear/picture", "ear/features", "eye/picture", "eye/features"
    };
    private static final long BOUND_NS = 30_000_000_000L;

    @TempDir Path directory;
    private FoamDirectory live;
    private Path tape;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final List<NodeRunner> running = new ArrayList<>();

    @BeforeEach
    void createFoam() throws IOException {
        live = FoamDirectory.create(directory.resolve("live"));
        tape = directory.resolve("tape");
    }

    @AfterEach
    void stopAll() {
        running.forEach(NodeRunner::close);
    }

    private NodeRunner launch(Path foam, String name, NodeAgent agent) throws IOException {
        NodeRunner runner =
                NodeRunner.launch(
                        new NodeContext().foam(foam).name(name).role(Recorder.ROLE), agent);
        running.add(runner);
        return runner;
    }

    private NodeRunner record(TapeWriter.Bounds bounds, String... streams) throws IOException {
        TapeWriter writer = TapeWriter.open(tape, live.createdMillis(), bounds, said::add);
        Recorder recorder =
                new Recorder(
                        writer,
                        new StreamFilter(List.of(streams)),
                        live.path().resolve("journal"),
                        said::add,
                        () -> {});
        return launch(live.path(), "record", recorder);
    }

    /** Plays the tape until it has come to its end. */
    private void replay(Path foam, Speed speed, long fromNs, String... awaited) throws Exception {
        NodeRunner[] player = new NodeRunner[1];
        Replayer replayer =
                new Replayer(
                        new TapeReader(tape, said::add),
                        new Replayer.Plan(
                                new StreamFilter(List.of()),
                                speed,
                                fromNs,
                                List.of(awaited),
                                false,
                                false),
                        said::add,
                        () -> player[0].stop());
        synchronized (player) {
            player[0] = launch(foam, "replay", replayer);
        }
        assertTrue(player[0].hasEndedWithin(BOUND_NS / 1_000_000), said::toString);
        assertNull(player[0].await());
    }

    /** Reads streams in order, slowly now and then, and remembers what it saw. */
    private static final class Looker implements NodeAgent {
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        private final List<Subscription> streams = new ArrayList<>();
        private int seen;

        @Override
        public void onStart(Node node) {
            for (String target : TARGETS) {
                streams.add(node.subscribe(target, ReadMode.IN_ORDER));
            }
        }

        @Override
        public int doWork() throws Exception {
            int count = 0;
            for (int i = 0; i < TARGETS.length; i++) {
                try (Lease lease = streams.get(i).poll()) {
                    if (lease != null) {
                        lines.add(line(TARGETS[i], lease));
                        count++;
                        if (++seen % 40 == 0) {
                            Thread.sleep(5);
                        }
                    }
                }
            }
            return count;
        }

        private static String line(String target, Lease lease) {
            long[] shape = new long[lease.rank()];
            for (int dim = 0; dim < shape.length; dim++) {
                shape[dim] = lease.dim(dim);
            }
            return Script.line(
                    target,
                    lease.incarnation(),
                    lease.frameNumber(),
                    lease.captureNs(),
                    lease.tag(),
                    shape,
                    lease.payload().toArray(ValueLayout.JAVA_BYTE));
        }

        List<String> of(String target) {
            synchronized (lines) {
                return only(target, lines);
            }
        }
    }

    private static List<String> only(String target, List<String> lines) {
        return lines.stream().filter(line -> line.startsWith(target + " ")).toList();
    }

    private List<String> onTape() throws IOException {
        List<String> lines = new ArrayList<>();
        try (TapeReader reader = new TapeReader(tape, said::add)) {
            for (TapeEntry entry = reader.next(); entry != null; entry = reader.next()) {
                switch (entry) {
                    case TapeEntry.Tensor tensor ->
                            lines.add(
                                    Script.line(
                                            tensor.target(),
                                            tensor.incarnation(),
                                            tensor.frameNumber(),
                                            tensor.captureNs(),
                                            tensor.tag(),
                                            tensor.shape(),
                                            tensor.payload().toArray(ValueLayout.JAVA_BYTE)));
                    case TapeEntry.Joined joined ->
                            lines.add("joined " + joined.manifest().attributes().get("epoch"));
                    case TapeEntry.Ended ended ->
                            lines.add(
                                    (ended.cleanly() ? "stopped " : "died ")
                                            + ended.node()
                                            + " "
                                            + ended.incarnation());
                    case TapeEntry.Noted noted -> lines.add("noted " + fact(noted.json()));
                    case TapeEntry.Session _ -> {}
                }
            }
        }
        return lines;
    }

    private static String fact(String json) {
        Matcher line =
                Pattern.compile(".*\"node\":\"(.*?)\".*\"kind\":\"(.*?)\",\"facts\":(.*)}")
                        .matcher(json);
        return line.matches() ? line.group(1) + " " + line.group(2) + " " + line.group(3) : json;
    }

    /** Two nodes publish; one is killed and comes back, the other stops and comes back. */
    private Script play() throws Exception {
        Script script = new Script(live.path(), 7);
        script.join("ear");
        script.join("eye");
        script.commit(200);
        script.kill("ear");
        script.commit(20);
        script.join("ear");
        script.commit(100);
        script.stop("eye");
        script.commit(20);
        script.join("eye");
        script.commit(100);
        return script;
    }

    /**
     * Waits until all that was published is on the tape: a recorder that is stopped reads no more.
     */
    private void awaitRecorded(Script script) throws Exception {
        CountersOf counters = new CountersOf(live, "record");
        long deadlineNs = System.nanoTime() + BOUND_NS;
        while (counters.leases(TARGETS) < script.published().size()) {
            assertTrue(System.nanoTime() < deadlineNs, "not all is recorded");
            script.turn();
            Thread.sleep(2);
        }
    }

    /** What a node has counted of its reading. */
    private record CountersOf(FoamDirectory foam, String node) {
        long leases(String... targets) throws IOException {
            long incarnation = MarkView.read(foam, node).incarnation();
            CountersSnapshot counters =
                    CountersSnapshot.read(foam.file(node, incarnation, "counters"));
            long leases = 0;
            for (String target : targets) {
                String label = FabricCounters.READ_LEASES.of(target).label();
                leases += counters.values().getOrDefault(label, 0L).longValue();
            }
            return leases;
        }

        long deadIncarnation(String peer) throws IOException {
            CountersSnapshot counters = CountersSnapshot.read(foam.file(node, 1, "counters"));
            String label = FabricCounters.PEER_DEAD_INCARNATION.of(peer).label();
            return counters.values().getOrDefault(label, 0L).longValue();
        }
    }

    @Test
    void shouldPlayToAnotherFoamWhatWasRecorded() throws Exception {
        NodeRunner recorder = record(TapeWriter.Bounds.NONE);
        Script script = play();
        Path journals = live.path().resolve("journal").resolve("ear");
        try (Journal journal = Journal.open(journals, "ear", 2)) {
            journal.append("fact", Map.of("a", 1));
        }
        awaitRecorded(script);
        recorder.close();
        script.stopAll();

        List<String> recorded = onTape();
        List<String> expected = script.published();
        assertEquals(expected, recorded.stream().filter(line -> line.indexOf('/') > 0).toList());
        assertEquals(
                List.of(
                        "joined ear 1",
                        "joined eye 1",
                        "died ear 1",
                        "joined ear 2",
                        "stopped eye 1",
                        "joined eye 2",
                        "noted ear fact {\"a\":1}"),
                recorded.stream().filter(line -> line.indexOf('/') < 0).toList());
        assertTrue(
                said.getLast().startsWith("recorded: tensors=440 streams=4 journalLines=1 lost=0"),
                said::toString);

        FoamDirectory other = FoamDirectory.create(directory.resolve("other"));
        Looker looker = new Looker();
        NodeRunner reader = launch(other.path(), "looker", looker);
        replay(other.path(), Speed.MAX, 0, "looker");
        for (String target : TARGETS) {
            assertEquals(only(target, expected), looker.of(target));
        }
        assertEquals(1, new CountersOf(other, "looker").deadIncarnation("ear"));
        assertEquals(0, new CountersOf(other, "looker").deadIncarnation("eye"));
        reader.close();
        MarkView ear = MarkView.read(other, "ear");
        assertEquals(2, ear.incarnation());
        assertEquals("toy", ear.role());
        assertEquals(NodeState.STOPPED, ear.state());
        assertEquals("played: tensors=440 incarnations=4", said.getLast());
    }

    @Test
    void shouldGoOnWhereADeadRecorderEnded() throws Exception {
        NodeRunner recorder = record(TapeWriter.Bounds.NONE);
        Script script = new Script(live.path(), 8);
        script.join("ear");
        script.commit(50);
        awaitRecorded(script);
        recorder.close();
        script.commit(5); // what is still in the rings is recorded late
        recorder = record(TapeWriter.Bounds.NONE);
        script.join("eye");
        script.commit(50);
        long deadlineNs = System.nanoTime() + BOUND_NS;
        while (onTapeSoFar() < script.published().size()) {
            assertTrue(System.nanoTime() < deadlineNs, "not all is recorded");
            script.turn();
            Thread.sleep(5);
        }
        recorder.close();
        script.stopAll();
        assertEquals(
                script.published(),
                onTape().stream().filter(line -> line.indexOf('/') > 0).toList());
        assertTrue(said.getLast().contains(" lost=0"), said::toString);
    }

    private long onTapeSoFar() throws IOException {
        List<String> before = List.copyOf(said);
        long tensors = onTape().stream().filter(line -> line.indexOf('/') > 0).count();
        said.clear(); // that the last file is not finished
        said.addAll(before);
        return tensors;
    }

    @Test
    void shouldRecordOnlyWhatIsNamedAndEndAtItsLimit() throws Exception {
        record(TapeWriter.Bounds.NONE.limit(30_000), "ear/*");
        Script script = new Script(live.path(), 9);
        script.join("ear");
        long deadlineNs = System.nanoTime() + BOUND_NS;
        while (!said.contains("limit reached")) {
            assertTrue(System.nanoTime() < deadlineNs, "no limit");
            script.commit(5);
            Thread.sleep(1);
        }
        running.forEach(NodeRunner::close);
        script.stopAll();
        List<String> tensors = onTape().stream().filter(line -> line.indexOf('/') > 0).toList();
        assertEquals(script.published().subList(0, tensors.size()), tensors);
        assertTrue(tensors.size() > 20, () -> "tensors=" + tensors.size());
    }

    @Test
    void shouldLeaveALivingNodeItsNameAndBeginLater() throws Exception {
        NodeRunner recorder = record(TapeWriter.Bounds.NONE);
        Script script = play();
        awaitRecorded(script);
        recorder.close();
        script.stopAll();
        FoamDirectory other = FoamDirectory.create(directory.resolve("other"));
        launch(other.path(), "eye", new Looker());
        replay(other.path(), new Speed(1_000), 1, "eye");
        assertTrue(
                said.stream()
                        .anyMatch(line ->
                                line.startsWith(
                                        "not played: a node of this name is running: name=eye")),
                said::toString);
        assertEquals(2, MarkView.read(other, "ear").incarnation());
    }
}
