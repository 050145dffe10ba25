package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.MemoryMode;
import io.fluxfoam.distill.MemoryState;
import io.fluxfoam.journal.JournalReader;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.teacher.memory.MemorySettings;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A teacher with a memory between a sensor that repeats itself and a student. */
@Timeout(120)
class TeacherMemoryTest {
    private static final int HEIGHT = 48;
    private static final int WIDTH = 64;
    private static final int PICTURES = 7;
    private static final int FRAMES = 160;
    private static final long LIMIT = 1 << 20;

    @TempDir Path directory;

    private final List<NodeRunner> runners = new ArrayList<>();

    /** Shows the same pictures in turn, one for each permit. */
    private static final class Carousel implements NodeAgent {
        private final Semaphore shots = new Semaphore(0);
        private StreamWriter pictures;
        private int frames;

        @Override
        public void onStart(Node node) throws Exception {
            pictures = node.publish(StreamSpec.of("picture", DType.U8, HEIGHT, WIDTH, 3));
        }

        @Override
        public int doWork() {
            if (!shots.tryAcquire()) {
                return 0;
            }
            frames++;
            try (Claim claim = pictures.claim()) {
                SplittableRandom random = new SplittableRandom(frames % PICTURES);
                MemorySegment payload = claim.payload();
                for (long i = 0; i < (long) HEIGHT * WIDTH * 3; i++) {
                    payload.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
                }
                claim.commit(frames, 1_000L * frames);
            }
            return 1;
        }
    }

    private record Seen(long frameNumber, long captureNs, float... values) {}

    /** Collects what the teacher publishes. */
    private static final class Pupil implements NodeAgent {
        private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
        private Subscription features;

        @Override
        public void onStart(Node node) {
            features = node.subscribe("teacher/features", ReadMode.IN_ORDER);
        }

        @Override
        public int doWork() {
            try (Lease lease = features.poll()) {
                if (lease == null) {
                    return 0;
                }
                seen.add(
                        new Seen(
                                lease.frameNumber(),
                                lease.captureNs(),
                                lease.payload().toArray(ValueLayout.JAVA_FLOAT)));
                return 1;
            }
        }

        Seen next() throws InterruptedException {
            Seen next = seen.poll(60, TimeUnit.SECONDS);
            assertNotNull(next, "no features within a minute");
            return next;
        }
    }

    /** Gives the first byte; sums up in another order, or to something else, when told to. */
    private static final class Moody implements Teacher {
        private volatile float mood;

        @Override
        public FeatureSpec features() {
            return new FeatureSpec(
                    Sense.PICTURE, new long[] {1}, Alignment.NONE, Axes.ROWS, "moody", false);
        }

        @Override
        public void load() {}

        @Override
        public boolean infer(Sample sample, MemorySegment features) {
            features.set(
                    ValueLayout.JAVA_FLOAT,
                    0,
                    sample.payload().get(ValueLayout.JAVA_BYTE, 0) + mood);
            return true;
        }

        @Override
        public void close() {}
    }

    private NodeRunner launch(Path foam, String name, NodeAgent agent) throws Exception {
        NodeRunner runner =
                NodeRunner.launch(new NodeContext().foam(foam).name(name).role("test"), agent);
        runners.add(runner);
        return runner;
    }

    @AfterEach
    void stopAll() {
        runners.reversed().forEach(NodeRunner::close);
    }

    private static TeacherSettings settings(MemoryMode mode) {
        return TeacherSettings.of("sensor", new FrameRate(FrameRate.MAX))
                .with(new MemorySettings(mode, LIMIT));
    }

    /** A model that takes some milliseconds: sines of sines, the mean of each channel. */
    private GenericTeacher sines() throws Exception {
        TinyOnnx graph = new TinyOnnx().input("x", 1, 3, 192, 256);
        String last = "x";
        for (int i = 0; i < 12; i++) {
            graph.node("Sin", List.of(last), "y" + i);
            last = "y" + i;
        }
        Path model =
                graph.node("GlobalAveragePool", List.of(last), "means")
                        .output("means", 1, 3, 1, 1)
                        .write(directory.resolve("sines.onnx"));
        return CommandLine.populateSpec(GenericOptions.class, "--model", model.toString())
                .open(Sense.PICTURE, 1);
    }

    private CountersSnapshot counters(Path foam) throws Exception {
        FoamDirectory opened = FoamDirectory.open(foam);
        long incarnation = MarkView.read(opened, "teacher").incarnation();
        return CountersSnapshot.read(opened.file("teacher", incarnation, "counters"));
    }

    private long counter(Path foam, CounterSpec spec) throws Exception {
        CountersSnapshot counters = counters(foam);
        String epoch =
                counters.values().keySet().stream()
                        .flatMap(label -> LoopCounters.MEMORY_STATE.which(label).stream())
                        .findFirst()
                        .orElseThrow();
        return (long) counters.number(spec.of(epoch));
    }

    private List<Seen> run(Path foam, Teacher teacher, MemoryMode mode, int frames)
            throws Exception {
        Carousel carousel = new Carousel();
        Pupil pupil = new Pupil();
        NodeRunner sensor = launch(foam, "sensor", carousel);
        NodeRunner node = launch(foam, "teacher", new TeacherNode(teacher, settings(mode)));
        NodeRunner student = launch(foam, "student", pupil);
        List<Seen> all = new ArrayList<>();
        for (int frame = 0; frame < frames; frame++) {
            carousel.shots.release();
            all.add(pupil.next());
        }
        for (NodeRunner runner : List.of(student, node, sensor)) {
            runner.stop();
            assertNull(runner.await());
        }
        return all;
    }

    /** Each picture comes under HOLDOUT and TRAIN numbers: the memory does not see them. */
    @Test
    void shouldPublishTheSameBitsWithAndWithoutIt() throws Exception {
        Path with = directory.resolve("with");
        Path without = directory.resolve("without");
        List<Seen> known = run(with, sines(), MemoryMode.ON, FRAMES);
        List<Seen> computed = run(without, sines(), MemoryMode.OFF, FRAMES);
        for (int i = 0; i < FRAMES; i++) {
            assertEquals(i + 1, known.get(i).frameNumber());
            assertEquals(1_000L * (i + 1), known.get(i).captureNs());
            assertArrayEquals(computed.get(i).values(), known.get(i).values());
        }
        long bypasses = counter(with, LoopCounters.MEMORY_BYPASSES);
        assertTrue(bypasses > FRAMES / 2, "bypasses=" + bypasses);
        assertEquals(FRAMES - bypasses, counter(with, LoopCounters.MEMORY_INFERENCES));
        assertEquals(0, counter(with, LoopCounters.MEMORY_FALSE_HITS));
        assertEquals(MemoryState.BYPASS.code(), counter(with, LoopCounters.MEMORY_STATE));
        assertFalse(Files.exists(without.resolve("state").resolve("teacher")));
        assertTrue(
                counters(without).values().keySet().stream()
                        .noneMatch(label -> label.startsWith("memory.")));

        List<Seen> again = run(with, sines(), MemoryMode.ON, 2 * PICTURES);
        assertEquals(2 * PICTURES, counter(with, LoopCounters.MEMORY_HITS), "known of before");
        for (int i = 0; i < again.size(); i++) {
            assertArrayEquals(computed.get(i).values(), again.get(i).values());
        }
        assertEquals(List.of(), counters(with).errors());
    }

    @Test
    void shouldSayWhatWasWrongAndTeachOn() throws Exception {
        Path foam = directory.resolve("foam");
        Carousel carousel = new Carousel();
        Pupil pupil = new Pupil();
        Moody moody = new Moody();
        launch(foam, "sensor", carousel);
        launch(foam, "teacher", new TeacherNode(moody, settings(MemoryMode.SHADOW)));
        launch(foam, "student", pupil);
        for (int frame = 0; frame < 2 * PICTURES; frame++) {
            carousel.shots.release();
            pupil.next();
        }
        moody.mood = 1000;
        for (int frame = 0; frame < 2 * PICTURES; frame++) {
            carousel.shots.release();
            assertTrue(pupil.next().values()[0] > 500);
        }
        assertEquals(MemoryState.CLOSED.code(), counter(foam, LoopCounters.MEMORY_STATE));
        assertEquals(1, counter(foam, LoopCounters.MEMORY_FALSE_HITS));
        assertEquals(1, counters(foam).errors().size());
        String error = counters(foam).errors().getFirst().text();
        assertTrue(error.contains("memory was wrong: epoch="), error);
        stopAll();
        assertTrue(
                JournalReader.readAll(foam.resolve("journal").resolve("teacher")).stream()
                        .anyMatch(entry ->
                                entry.kind().equals("memory")
                                        && entry.toString().contains("closed")));
    }

    @Test
    void shouldTeachWhereNothingCanBeKept() throws Exception {
        Path foam = directory.resolve("foam");
        FoamDirectory.create(foam);
        Files.createDirectory(foam.resolve("state"));
        Files.writeString(foam.resolve("state").resolve("teacher"), "no directory");
        assertEquals(PICTURES, run(foam, sines(), MemoryMode.ON, PICTURES).size());
        assertEquals(MemoryState.OFF.code(), counter(foam, LoopCounters.MEMORY_STATE));
        assertEquals(1, counters(foam).errors().size());
    }
}
