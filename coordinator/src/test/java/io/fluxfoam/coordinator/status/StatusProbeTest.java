package io.fluxfoam.coordinator.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.TeacherRefusal;
import io.fluxfoam.liveness.FoamDirectory;
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
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

@Timeout(60)
class StatusProbeTest {
    @TempDir Path directory;
    private final List<NodeRunner> running = new ArrayList<>();
    private final List<IOException> damaged = new ArrayList<>();

    @AfterEach
    void stopAll() {
        running.forEach(NodeRunner::close);
    }

    @Test
    void shouldTellWhatNodesAndStreamsAre() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        launch("sensor", "sensor", new Sensor());
        launch("reader", "custom", new Reader(read));
        read.await();

        FoamStatus status = probe().status();
        assertEquals("foam", status.foam());
        assertEquals(
                List.of("sensor", "reader"),
                status.nodes().stream().map(NodeStatus::name).toList());
        NodeStatus sensor = status.nodes().getFirst();
        assertEquals("ALIVE", sensor.state());
        assertEquals("sensor", sensor.role());
        assertEquals(ProcessHandle.current().pid(), sensor.pid());
        assertEquals(1, sensor.incarnation());
        assertEquals(0, sensor.restarts());
        assertEquals("host", sensor.device());
        assertEquals(0, sensor.errors());
        StreamStatus picture = sensor.streams().getFirst();
        assertEquals("picture", picture.name());
        assertEquals("u8", picture.dtype());
        assertEquals(List.of(6L, 4L, 3L), picture.shape());
        assertEquals(1, picture.sequence());
        assertEquals(1, picture.readers());
        assertEquals(List.of("reader"), picture.readBy());
        assertTrue(picture.slots() >= 3);
    }

    @Test
    void shouldShowFiguresOnlyWhenTheyAreThere() throws Exception {
        launch("student", "student", new Counting("step", "teacher.teacher-llm.present"));
        launch("evaluator", "evaluator", new Counting("heldOut.frames", "trainedOnHoldout"));

        FoamStatus status = probe().status();
        assertEquals(7, status.student().step());
        assertNull(status.student().loss(), "its gauge is NaN");
        assertNull(status.student().copiedBytes(), "it has no such counter");
        TeacherStatus teacher = status.student().teachers().get("teacher-llm");
        assertEquals(true, teacher.present());
        assertNull(teacher.centredCosine());
        assertEquals(7, status.heldOut().frames());
        assertEquals(7, status.heldOut().trainedOnHoldout());
        assertNull(status.heldOut().seenWords().top1());
    }

    @Test
    void shouldTellTheHeldOutSetsThatTheSensorHasBySource() throws Exception {
        Started counting =
                new Started() {
                    @Override
                    public void onStart(Node node) {
                        for (String set : List.of("1.style.hands", "0.takes.all", "0.takes.old")) {
                            node.counters().counter("set." + set + ".candidates").set(40);
                            node.counters().counter("set." + set + ".frames").set(80);
                            node.counters().gauge("set." + set + ".both").set(.75);
                            node.counters().gauge("set." + set + ".sound");
                        }
                        node.counters().counter("set.0.takes.old.candidates").set(0);
                        node.counters().counter("set.0.nonsense.all.candidates").set(7);
                    }
                };
        launch("evaluator", "evaluator", counting);
        List<SetStatus> sets =
                probe().status().withSources(List.of("file:things")).heldOut().sets();
        assertEquals(
                List.of("all file:things takes", "hands world 1 style"),
                sets.stream().map(s -> s.name() + " " + s.source() + " " + s.kind()).toList());
        assertEquals(.75, sets.getFirst().both());
        assertEquals(40, sets.getFirst().candidates());
        assertEquals(80, sets.getFirst().frames());
        assertNull(sets.getFirst().sound(), "its gauge is NaN");
        assertNull(sets.getFirst().neighbourGrey(), "it has no such counter");
    }

    @Test
    void shouldSayWhyTheStudentTakesNothingOfATeacher() throws Exception {
        Started refusing =
                new Started() {
                    @Override
                    public void onStart(Node node) {
                        node.counters().counter("teacher.wide.refused").set(1);
                        node.counters().counter("teacher.good.refused");
                        for (String reason : List.of("of another shape", "floats=9 of 4")) {
                            String text = new TeacherRefusal("wide", reason).text();
                            node.error(new IllegalArgumentException(text));
                            awaitAnotherMilli();
                        }
                        node.error(new IllegalArgumentException("something else"));
                    }

                    /** Which is newer is known by the clock. */
                    private static void awaitAnotherMilli() {
                        long before = System.currentTimeMillis();
                        while (System.currentTimeMillis() == before) {
                            Thread.onSpinWait();
                        }
                    }
                };
        launch("student", "student", refusing);
        Map<String, TeacherStatus> teachers = probe().status().student().teachers();
        assertEquals("floats=9 of 4", teachers.get("wide").refused());
        assertNull(teachers.get("good").refused());
    }

    @Test
    void shouldTellACleanEndFromALife() throws Exception {
        launch("sensor", "sensor", new Sensor()).close();
        NodeStatus sensor = probe().status().nodes().getFirst();
        assertEquals("STOPPED", sensor.state());
        assertEquals(List.of(), sensor.streams(), "a clean goodbye takes its streams along");
        launch("sensor", "sensor", new Sensor());
        assertEquals(2, probe().status().nodes().getFirst().incarnation());
        assertEquals(1, probe().status().nodes().getFirst().restarts());
    }

    @Test
    void shouldShowTheRestWhenAFileIsDamaged() throws Exception {
        launch("sensor", "sensor", new Sensor());
        Path mark = directory.resolve("foam/broken.mark");
        Files.writeString(mark, "scribbled".repeat(1_000));

        FoamStatus status = probe().status();
        assertEquals(List.of("sensor"), status.nodes().stream().map(NodeStatus::name).toList());
        assertTrue(
                damaged.getFirst().getMessage().startsWith("corrupt: path=" + mark),
                damaged::toString);
    }

    @Test
    void shouldShowTheRestWhenAFileIsRefused() throws Exception {
        launch("sensor", "sensor", new Sensor());
        Path foam = directory.resolve("foam");
        Files.createDirectory(foam.resolve("folder.mark"));
        Files.createSymbolicLink(foam.resolve("link.mark"), foam.resolve("sensor.mark"));
        Files.copy(foam.resolve("sensor.mark"), foam.resolve("open.mark"));
        Files.setPosixFilePermissions(
                foam.resolve("open.mark"), PosixFilePermissions.fromString("rw-rw----"));
        Files.createDirectory(foam.resolve("sensor.1.folder.control"));

        FoamStatus status = probe().status();
        assertEquals(List.of("sensor"), status.nodes().stream().map(NodeStatus::name).toList());
        assertEquals(
                List.of("picture"),
                status.nodes().getFirst().streams().stream().map(StreamStatus::name).toList());
        assertEquals(
                List.of(
                        "not a regular file: path=" + foam.resolve("folder.mark"),
                        "not a regular file: path=" + foam.resolve("link.mark"),
                        "file is writable by others: path="
                                + foam.resolve("open.mark")
                                + " mode=100660",
                        "not a regular file: path=" + foam.resolve("sensor.1.folder.control")),
                damaged.stream().map(IOException::getMessage).toList());
    }

    @Test
    void shouldKnowNothingOfAnEmptyFoam() throws Exception {
        FoamDirectory.create(directory.resolve("foam"));
        FoamStatus status = probe().status();
        assertEquals(List.of(), status.nodes());
        assertNotNull(status.uptimeSeconds());
        assertEquals(StudentStatus.UNKNOWN, status.student());
        assertEquals(HeldOutStatus.UNKNOWN, status.heldOut());
    }

    private StatusProbe probe() throws IOException {
        return new StatusProbe(FoamDirectory.open(directory.resolve("foam")), damaged::add);
    }

    private NodeRunner launch(String name, String role, Started agent) throws Exception {
        NodeRunner runner =
                NodeRunner.launch(
                        new NodeContext().foam(directory.resolve("foam")).name(name).role(role),
                        agent);
        running.add(runner);
        agent.worked.await();
        return runner;
    }

    /** An agent that tells when it has done its first work. */
    private abstract static class Started implements NodeAgent {
        final CountDownLatch worked = new CountDownLatch(1);

        @Override
        public int doWork() throws Exception {
            worked.countDown();
            return 0;
        }
    }

    private static final class Sensor extends Started {
        @Override
        public void onStart(Node node) throws IOException {
            StreamWriter picture = node.publish(StreamSpec.of("picture", DType.U8, 6, 4, 3));
            try (Claim claim = picture.claim()) {
                claim.commit(1, 2);
            }
        }
    }

    private static final class Reader extends Started {
        private final CountDownLatch read;
        private Subscription picture;

        private Reader(CountDownLatch read) {
            this.read = read;
        }

        @Override
        public void onStart(Node node) {
            picture = node.subscribe("sensor/picture", ReadMode.LATEST);
        }

        @Override
        public int doWork() throws Exception {
            try (Lease lease = picture.poll()) {
                if (lease != null) {
                    read.countDown();
                }
            }
            return super.doWork();
        }
    }

    /** Has its counters at 7 and a loss that is not there yet. */
    private static final class Counting extends Started {
        private final String[] labels;

        private Counting(String... labels) {
            this.labels = labels;
        }

        @Override
        public void onStart(Node node) {
            for (String label : labels) {
                node.counters().counter(label).set(7);
            }
            node.counters().gauge("loss");
        }
    }
}
