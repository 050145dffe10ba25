package io.fluxfoam.node;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.node.Toys.Idler;
import io.fluxfoam.node.Toys.Keeper;
import io.fluxfoam.node.Toys.Publisher;
import io.fluxfoam.node.Toys.Reader;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

@Timeout(120)
class NodeRunnerTest {
    private static final StreamSpec X = StreamSpec.of("x", DType.I64, 1);

    /**
     * A cycle that spins turns some hundred thousand times a second, one that sleeps up to 10 ms
     * about a hundred times.
     */
    private static final long SPINNING_TURNS = 20_000;

    @TempDir Path directory;
    private final List<NodeRunner> running = new ArrayList<>();

    @AfterEach
    void stopAll() {
        running.forEach(NodeRunner::close);
    }

    private NodeContext context(String name) {
        return new NodeContext().foam(directory.resolve("foam")).name(name).role("toy");
    }

    private NodeRunner launch(NodeContext context, NodeAgent agent) throws IOException {
        NodeRunner runner = NodeRunner.launch(context, agent);
        running.add(runner);
        return runner;
    }

    private NodeRunner launch(String name, NodeAgent agent) throws IOException {
        return launch(context(name), agent);
    }

    private FoamDirectory foam() throws IOException {
        return FoamDirectory.open(directory.resolve("foam"));
    }

    private CountersSnapshot counters(String node) throws IOException {
        return CountersSnapshot.read(
                foam().file(node, MarkView.read(foam(), node).incarnation(), "counters"));
    }

    private static long turnsIn(Idler agent, long millis) throws InterruptedException {
        long before = agent.turns.get();
        Thread.sleep(millis);
        return agent.turns.get() - before;
    }

    @Test
    void shouldSleepWhileTheAgentKeepsALeaseThoughThereAreNewerCommits() throws Exception {
        Publisher source = new Publisher(X);
        launch("ear", source);
        Keeper keeper = new Keeper("ear/x");
        launch("eye", keeper);
        source.wanted.set(1);
        eventually("leased", () -> keeper.kept != null);
        source.wanted.set(2);
        assertTrue(turnsIn(keeper, 500) < SPINNING_TURNS);
        assertEquals(1, keeper.kept.payload().get(ValueLayout.JAVA_LONG, 0));
    }

    @Test
    void shouldSleepWhileTheAgentLoadsThoughThereAreCommits() throws Exception {
        Publisher source = new Publisher(X);
        launch("ear", source);
        source.wanted.set(1);
        CountDownLatch loaded = new CountDownLatch(1);
        Reader slow =
                new Reader("ear/x", ReadMode.LATEST) {
                    @Override
                    public void onLoad() throws InterruptedException {
                        loaded.await();
                    }
                };
        NodeRunner runner = launch("eye", slow);
        eventually("joined", () -> counters("eye").number("read.ear/x.joins") == 1);
        long before = cpuNs("foam-data-eye");
        Thread.sleep(500);
        assertTrue(cpuNs("foam-data-eye") - before < 250_000_000L, "a loading node burns its core");
        assertEquals(0, slow.turns.get());
        loaded.countDown();
        eventually("read", () -> slow.last.get() == 1);
        runner.stop();
        assertNull(runner.await());
    }

    private static long cpuNs(String threadName) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().equals(threadName)) {
                return threads.getThreadCpuTime(id);
            }
        }
        throw new AssertionError("no such thread: " + threadName);
    }

    /** With a sleep far longer than the watchdog only the wakeSignal can end it. */
    @Test
    void shouldEndItsSleepWhenAnotherThreadRings() throws Exception {
        WakeSignal wakeSignal = new WakeSignal();
        long hourNs = 3_600_000_000_000L;
        try (IdleSleep sleep = new IdleSleep(wakeSignal, hourNs)) {
            Thread ringer =
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!Thread.interrupted()) {
                                    wakeSignal.raise();
                                    Thread.yield();
                                }
                            });
            for (int turn = 0; turn < 2_000; turn++) {
                sleep.listen(List.of());
                sleep.idle(List.of(), System.nanoTime() + hourNs);
            }
            ringer.interrupt();
            ringer.join();
        }
    }

    @Test
    void shouldNotMissWhatWasCommittedDuringTheTurnBeforeASleep() throws Exception {
        Publisher source = new Publisher(X);
        launch("ear", source);
        Reader agent = new Reader("ear/x", ReadMode.IN_ORDER);
        launch(context("eye").maxIdleNs(500_000_000L), agent);
        eventually("joined", () -> counters("eye").number("read.ear/x.joins") == 1);
        for (long i = 1; i <= 50; i++) {
            long wanted = i;
            source.wanted.set(wanted);
            source.node.wake();
            eventually("read " + i, () -> agent.last.get() == wanted);
        }
        assertEquals(50, agent.reads.get());
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadAllHoweverItWaits(IdleMode mode) throws Exception {
        Publisher source = new Publisher(X);
        launch("ear", source);
        Reader agent = new Reader("ear/x", ReadMode.IN_ORDER);
        launch(context("eye").idleMode(mode), agent);
        eventually("joined", () -> counters("eye").number("read.ear/x.joins") == 1);
        for (long i = 1; i <= 50; i++) {
            long wanted = i;
            source.wanted.set(wanted);
            source.node.wake();
            eventually("read " + i, () -> agent.last.get() == wanted);
        }
        assertEquals(50, agent.reads.get());
        if (mode == IdleMode.SPIN) {
            long before = agent.turns.get();
            eventually("turns without a pause", () -> agent.turns.get() - before > SPINNING_TURNS);
        }
    }

    @Test
    void shouldLetGoOfWhatAPeerLeftOnceItHasReadIt() throws Exception {
        Publisher source = new Publisher(X);
        NodeRunner ear = launch("ear", source);
        source.wanted.set(1);
        Reader agent = new Reader("ear/x", ReadMode.LATEST);
        launch("eye", agent);
        eventually("read", () -> agent.last.get() == 1);
        ear.close();
        eventually("let go", () -> !agent.subscription.connected());
        assertEquals(0, agent.subscription.incarnation());
    }

    @Test
    void shouldLeaveWhatItLeasedMappedWhenItFails() throws Exception {
        Publisher source = new Publisher(X);
        launch("ear", source);
        source.wanted.set(1);
        IllegalStateException fault = new IllegalStateException("a fault of the agent's");
        Keeper failing =
                new Keeper("ear/x") {
                    @Override
                    public int doWork() throws IOException {
                        super.doWork();
                        if (kept != null) {
                            throw fault;
                        }
                        return 0;
                    }
                };
        NodeRunner runner = launch("eye", failing);
        assertSame(fault, runner.await());
        MemorySegment payload = failing.kept.payload();
        assertEquals(1, payload.get(ValueLayout.JAVA_LONG, 0));
        assertEquals(NodeState.DEAD, MarkView.read(foam(), "eye").state());
    }

    @Test
    void shouldCountAnAgentsErrorAsAFailureOfTheNode() throws Exception {
        Idler failing =
                new Idler() {
                    @Override
                    public void onStart(Node started) {
                        throw new StackOverflowError();
                    }
                };
        NodeRunner runner = launch("eye", failing);
        assertTrue(runner.await() instanceof StackOverflowError);
        assertEquals(1, counters("eye").number("errors"));
    }

    @Test
    void shouldTakeALaneAsSoonAsOneIsFree() throws Exception {
        Publisher source = new Publisher(X.maxReaders(1));
        launch("ear", source);
        Reader first = new Reader("ear/x", ReadMode.LATEST);
        NodeRunner holder = launch("first", first);
        source.wanted.set(1);
        eventually("read", () -> first.last.get() == 1);
        Reader second = new Reader("ear/x", ReadMode.LATEST);
        launch("second", second);
        eventually("refused", () -> counters("second").errors().size() == 1);
        assertTrue(
                counters("second").errors().getFirst().summary().contains("too many readers"),
                () -> counters2("second").errors().toString());
        holder.close();
        eventually("read", () -> second.last.get() == 1);
        assertEquals(1, counters("second").number("errors"));
    }

    private CountersSnapshot counters2(String node) {
        try {
            return counters(node);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldNotCallItAnErrorWhenAPeerHasLeft() throws Exception {
        Publisher source = new Publisher(X);
        NodeRunner writer = launch("ear", source);
        Reader reader = new Reader("ear/x", ReadMode.LATEST);
        launch("eye", reader);
        source.wanted.set(1);
        eventually("read", () -> reader.last.get() == 1);
        writer.close();
        Idler late =
                new Idler() {
                    private Subscription subscription;

                    @Override
                    public int doWork() throws Exception {
                        if (subscription == null) {
                            subscription = node.subscribe("ear/x", ReadMode.LATEST);
                        }
                        return super.doWork();
                    }
                };
        launch("late", late);
        eventually("it turns", () -> late.turns.get() > 50);
        assertEquals(List.of(), counters("late").errors());
        assertEquals(List.of(), counters("eye").errors());
    }

    @Test
    void shouldReadAllThatADeadIncarnationLeftBeforeItReadsTheNext() throws Exception {
        Publisher first = new Publisher(X);
        NodeRunner writer = launch("ear", first);
        boolean[] paused = {false};
        List<Long> got = Collections.synchronizedList(new ArrayList<>());
        Reader agent =
                new Reader("ear/x", ReadMode.IN_ORDER) {
                    @Override
                    public int doWork() throws Exception {
                        synchronized (paused) {
                            int work = paused[0] ? 0 : super.doWork();
                            if (work > 0) {
                                got.add(last.get());
                            }
                            return work;
                        }
                    }
                };
        launch("eye", agent);
        first.wanted.set(1);
        eventually("read", () -> got.size() == 1);
        synchronized (paused) {
            paused[0] = true;
        }
        first.wanted.set(5);
        eventually("committed", () -> first.node != null && committed(1) == 5);
        writer.close();
        Publisher second = new Publisher(X);
        launch("ear", second);
        second.wanted.set(2);
        eventually("committed", () -> committed(2) == 2);
        Thread.sleep(200);
        synchronized (paused) {
            paused[0] = false;
        }
        eventually("all read", () -> got.size() == 7);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 1L, 2L), got);
    }

    private long committed(long incarnation) throws IOException {
        return StreamView.read(foam().file("ear", incarnation, "x.control")).sequence();
    }

    /** Not counted: the counters' mapping, which every life keeps until its process ends. */
    @Test
    void shouldLeakNeitherDescriptorsNorMappingsOverManyRestartsOfAPeer() throws Exception {
        Reader agent = new Reader("ear/x", ReadMode.IN_ORDER);
        launch("eye", agent);
        long[] descriptors = new long[2];
        long[] mappings = new long[2];
        for (int life = 1; life <= 40; life++) {
            Publisher source = new Publisher(X);
            try (NodeRunner writer = NodeRunner.launch(context("ear"), source)) {
                source.wanted.set(1);
                long reads = life;
                eventually("read in life " + life, () -> agent.reads.get() == reads);
                writer.stop();
                assertNull(writer.await());
            }
            if (life == 10 || life == 40) {
                descriptors[life / 40] = count(Path.of("/proc/self/fd"));
                mappings[life / 40] = streamMappings();
            }
        }
        assertTrue(
                descriptors[1] <= descriptors[0] + 2,
                () -> descriptors[0] + " -> " + descriptors[1]);
        assertEquals(mappings[0], mappings[1]);
        assertEquals(List.of(), counters("eye").errors());
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    private long streamMappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line ->
                            line.contains(directory.toString()) && !line.contains(".counters"))
                    .count();
        }
    }
}
