package io.fluxfoam.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.stream.SharedMemory;
import io.fluxfoam.stream.StreamView;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * Nodes that share a GPU's memory, each in a process of its own, and what their deaths do to the
 * others: nothing.
 */
abstract class GpuNodesContract {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long WATCHDOG_MS = 120_000;
    private static final int SHORT_KILLS = 8;
    private static final int MANY_KILLS = 100;

    @TempDir(factory = SharedMemory.class)
    Path directory;

    private FoamDirectory foam;
    private final Map<String, CudaProcess> processes = new LinkedHashMap<>();
    private final Map<String, String[]> commands = new LinkedHashMap<>();
    private double wrongWords;

    /** Variables of the processes that are started. */
    Map<String, String> environment = Map.of();

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    @AfterEach
    void killAll() {
        processes.values().forEach(CudaProcess::close);
    }

    void producer(String name, String... options) throws IOException {
        start(name, "cuda:0", PatternProducer.class, options);
    }

    void reader(String name, String device, String from, String... options) throws IOException {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "--from";
        all[options.length + 1] = from;
        start(name, device, PatternReader.class, all);
    }

    private void start(String name, String device, Class<?> main, String... options)
            throws IOException {
        List<String> line =
                new ArrayList<>(List.of("--foam", foam.path().toString(), "--name", name));
        line.addAll(List.of("--device", device));
        line.addAll(List.of(options));
        commands.put(name, line.toArray(String[]::new));
        restart(name, main);
    }

    private void restart(String name, Class<?> main) throws IOException {
        processes.put(
                name,
                CudaProcess.start(
                        directory.resolve(name + ".log"),
                        environment,
                        main,
                        (Object[]) commands.get(name)));
    }

    private long incarnation(String node) {
        try {
            return MarkView.read(foam, node).incarnation();
        } catch (IOException e) {
            return 0;
        }
    }

    private CountersSnapshot counters(String node) throws IOException {
        return CountersSnapshot.read(foam.file(node, incarnation(node), "counters"));
    }

    double counter(String node, String label) {
        try {
            return counters(node).number(label);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    void eventually(String what, Callable<Boolean> condition) throws Exception {
        long deadlineMs = System.currentTimeMillis() + WATCHDOG_MS;
        while (!condition.call()) {
            boolean allAlive = processes.values().stream().allMatch(CudaProcess::isAlive);
            if (!allAlive || System.currentTimeMillis() > deadlineMs) {
                throw new AssertionError("never happened: " + what + "\n" + everything());
            }
            Thread.sleep(5);
        }
    }

    private String everything() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, CudaProcess> process : processes.entrySet()) {
            String name = process.getKey();
            text.append(name).append(" alive=").append(process.getValue().isAlive());
            text.append(" incarnation=")
                    .append(incarnation(name))
                    .append('\n')
                    .append(process.getValue().output());
            if (incarnation(name) > 0) {
                text.append(counters(name)).append('\n');
            }
        }
        return text.toString();
    }

    /** What a node counted in this life, before the next one removes it. */
    private void tally(String reader) {
        double wrong = counter(reader, "wrongWords");
        wrongWords += Double.isNaN(wrong) ? 0 : wrong;
    }

    private boolean readsNow(String reader, String producer) {
        return counter(reader, "incarnation." + producer) == incarnation(producer);
    }

    @Test
    void shouldNeverTearWhileProducersAndReadersAreKilled() throws Exception {
        kill(SHORT_KILLS);
    }

    @Test
    @Tag("slow")
    void shouldNeverTearInTheLongRun() throws Exception {
        kill(MANY_KILLS);
    }

    private void kill(int kills) throws Exception {
        System.out.println("seed=" + SEED);
        Random random = new Random(SEED);
        List<String> producers = List.of("left", "right");
        List<String> readers = List.of("newest", "in-order", "gpu-waits", "on-host");
        producer("left");
        producer("right");
        reader("newest", "cuda:0", "left,right");
        reader("in-order", "cuda:0", "left,right", "--mode", "IN_ORDER");
        reader("gpu-waits", "cuda:0", "left,right", "--wait", "GPU");
        reader("on-host", "host", "left");
        for (int kill = 0; kill < kills; kill++) {
            awaitAllRead(readers, producers);
            Thread.sleep(random.nextInt(300));
            boolean isProducer = random.nextBoolean();
            String victim =
                    isProducer
                            ? producers.get(random.nextInt(2))
                            : readers.get(random.nextInt(readers.size()));
            processes.remove(victim).kill();
            if (!isProducer) {
                tally(victim);
            }
            restart(victim, isProducer ? PatternProducer.class : PatternReader.class);
            long before = incarnation(victim);
            eventually(victim + " is back", () -> incarnation(victim) > before);
        }
        awaitAllRead(readers, producers);
        for (String reader : readers) {
            tally(reader);
            assertEquals(List.of(), counters(reader).errors(), reader);
        }
        assertEquals(0, wrongWords, "words of torn tensors, seed=" + SEED);
        assertTrue(counter("on-host", "copiedLeases") > 0, "a reader on the host is shown to copy");
        assertEquals(0, counter("newest", "copiedLeases"), "a reader on the GPU copies nothing");
        assertEquals(0, counter("newest", "read.left/pattern.copiedBytes"));
        System.out.println("kills=" + kills + " discarded=" + counter("gpu-waits", "discarded"));
    }

    private void awaitAllRead(List<String> readers, List<String> producers) throws Exception {
        for (String reader : readers) {
            for (String producer : producers) {
                if (!reader.equals("on-host") || producer.equals("left")) {
                    eventually(reader + " reads " + producer, () -> readsNow(reader, producer));
                }
            }
        }
    }

    /**
     * The case for which a wait on a GPU is dangerous: its producer dies between enqueue and
     * completion.
     */
    @Test
    void shouldFreeEveryReadersStreamWhenTheProducerDiesBeforeItsKernelIsDone() throws Exception {
        producer("producer", "--stuck-at", "20");
        List<String> readers = List.of("one", "two", "three");
        for (String reader : readers) {
            reader(reader, "cuda:0", "producer", "--wait", "GPU");
        }
        for (String reader : readers) {
            eventually(
                    reader + " has joined",
                    () -> counter(reader, "read.producer/pattern.joins") == 1);
            eventually(reader + " waits for commit 20", () -> leasedSequence(reader) == 20);
        }
        processes.remove("producer").kill();
        long killedNs = System.nanoTime();
        for (String reader : readers) {
            eventually(reader + " is free", () -> counter(reader, "discarded") == 1);
        }
        long freeMs = (System.nanoTime() - killedNs) / 1_000_000;
        System.out.println("all readers' streams free after ms=" + freeMs);
        producer("producer"); // this life is not stuck
        for (String reader : readers) {
            eventually(
                    reader + " reads the next life",
                    () -> counter(reader, "incarnation.producer") == 2);
            assertEquals(0, counter(reader, "wrongWords"));
            assertEquals(List.of(), counters(reader).errors(), reader);
        }
    }

    private long leasedSequence(String reader) throws IOException {
        return StreamView.read(foam.file("producer", 1, "pattern.control")).lanes().stream()
                .filter(lane -> lane.owner() == OwnerKey.of(reader, 1))
                .mapToLong(StreamView.LaneView::heldSequence)
                .findFirst()
                .orElse(0);
    }

    @Test
    void shouldLeaveNothingBehindAtACleanEnd() throws Exception {
        producer("producer");
        reader("reader", "cuda:0", "producer");
        eventually("reader reads", () -> counter("reader", "reads.producer") > 10);
        for (String node : List.of("reader", "producer")) {
            CudaProcess process = processes.remove(node);
            assertEquals(0, process.terminate(), process.output());
            assertEquals(NodeState.STOPPED, MarkView.read(foam, node).state());
        }
        for (String file : foam.list()) {
            assertFalse(file.endsWith(".payload") || file.endsWith(".control"), file);
        }
    }

    /** What a dead process had on a GPU stays taken there as long as somebody has it open. */
    @Test
    void shouldLetGoOfADeadProducersMemory() throws Exception {
        reader("reader", "cuda:0", "producer");
        eventually("reader is up", () -> incarnation("reader") == 1);
        producer("producer");
        eventually("reader reads", () -> counter("reader", "reads.producer") > 10);
        assertTrue(isOpen("reader"));
        processes.remove("producer").kill();
        eventually("the mapping is closed", () -> !isOpen("reader"));
        eventually(
                "the files are swept",
                () -> !Files.exists(foam.file("producer", 1, PatternProducer.STREAM + ".payload")));
        assertEquals(List.of(), counters("reader").errors());
    }

    /**
     * Whether a process has memory open that another one exported; {@code byItself} is what the
     * node says.
     */
    abstract boolean hasForeignMemory(long pid, boolean byItself) throws IOException;

    private boolean isOpen(String node) throws IOException {
        return hasForeignMemory(processes.get(node).pid(), counter(node, "connected") == 1);
    }
}
