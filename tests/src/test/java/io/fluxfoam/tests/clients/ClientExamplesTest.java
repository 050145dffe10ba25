package io.fluxfoam.tests.clients;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The examples, and what stands in docs/CLIENTS.md, as they stand. */
@ExtendWith(ClientTools.class)
@Timeout(600)
class ClientExamplesTest {
    private static final int HEIGHT = 96;
    private static final int WIDTH = 320;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClientFoam foam;

    @BeforeEach
    void createFoam() throws Exception {
        foam = new ClientFoam(directory);
    }

    @AfterEach
    void removeFoam() throws Exception {
        foam.close();
    }

    /** Shows a bright bar before a coloured ground: few numbers say all of a picture. */
    static final class Camera implements NodeAgent {
        private static final long EVERY_NS = 20_000_000;
        private final Random random = new Random(20261123L);
        private final byte[] pixels = new byte[HEIGHT * WIDTH * 3];
        private Node node;
        private StreamWriter pictures;
        private long count;
        private long nextNs;

        @Override
        public void onStart(Node started) throws Exception {
            node = started;
            pictures = node.publish(StreamSpec.of("picture", DType.U8, HEIGHT, WIDTH, 3));
        }

        @Override
        public int doWork() {
            long nowNs = System.nanoTime();
            if (nowNs < nextNs) {
                return 0;
            }
            nextNs = nowNs + EVERY_NS;
            int bar = random.nextInt(WIDTH - 60);
            int red = random.nextInt(128);
            for (int at = 0; at < pixels.length; at++) {
                int column = at / 3 % WIDTH;
                boolean isInBar = column >= bar && column < bar + 60;
                pixels[at] = (byte) (isInBar ? 250 : at % 3 == 0 ? red : 40);
            }
            try (Claim claim = pictures.claim()) {
                MemorySegment.copy(
                        pixels, 0, claim.payload(), ValueLayout.JAVA_BYTE, 0, pixels.length);
                claim.commit(FrameNumber.of(node.incarnation(), ++count), nowNs);
            }
            return 1;
        }
    }

    /** Reads a teacher's features as a student does. */
    private static final class Listener implements NodeAgent {
        private final String teacher;
        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicReference<TeacherCard> card = new AtomicReference<>();
        private final AtomicReference<String> trouble = new AtomicReference<>("");
        private Node node;
        private Subscription features;

        private Listener(String teacher) {
            this.teacher = teacher;
        }

        @Override
        public void onStart(Node started) {
            node = started;
            features = node.subscribe(teacher + "/features", ReadMode.IN_ORDER);
        }

        @Override
        public int doWork() {
            node.peer(teacher)
                    .flatMap(peer -> peer.manifest())
                    .ifPresent(manifest -> card.set(TeacherCard.of(manifest)));
            try (Lease lease = features.poll()) {
                if (lease == null) {
                    return 0;
                }
                MemorySegment values = lease.payload();
                if (values.byteSize() != 4L * 40 * 64) {
                    trouble.set("bytes=" + values.byteSize());
                }
                double sum = 0;
                for (long at = 0; at < values.byteSize(); at += 4) {
                    sum += values.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
                }
                if (!(sum > 0) || !Double.isFinite(sum)) {
                    trouble.set("sum=" + sum);
                }
                reads.incrementAndGet();
                return 1;
            }
        }
    }

    static List<String> example(String name) {
        return List.of(
                "python3", ClientTools.HOME.resolve("examples/python").resolve(name).toString());
    }

    static void assumeNumpy() throws Exception {
        assumeTrue(
                new ProcessBuilder("python3", "-c", "import numpy")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0,
                "numpy is not there: the examples are not tested");
    }

    @Test
    void shouldBeTakenAsATeacher() throws Exception {
        assumeNumpy();
        Listener listener = foam.run("listener", new Listener("teacher-colour"));
        ClientProcess teacher = foam.start("teacher-colour", example("teacher.py"));
        eventually("it has joined", () -> foam.incarnation("teacher-colour") == 1);
        foam.run("sensor", new Camera()); // it waits for a sensor
        eventually("read", () -> listener.reads.get() >= 20);
        assertEquals(
                new TeacherCard("sensor", Alignment.PICTURE, Axes.ROWS, "colour2", false),
                listener.card.get());
        teacher.kill();
        ClientProcess next = foam.start("teacher-colour", example("teacher.py"));
        int before = listener.reads.get();
        eventually("read on", () -> listener.reads.get() >= before + 40);
        assertEquals("", listener.trouble.get());
        next.stop();
        next.figures();
        foam.assertStopped("teacher-colour");
        foam.assertNoErrors("teacher-colour", "listener", "sensor");
        foam.stopRunners();
        foam.assertSwept();
    }

    @Test
    void shouldLearnFromSeveralTeachersUnderKills() throws Exception {
        assumeNumpy();
        foam.run("sensor", new Camera());
        List<String> names = List.of("teacher-colour", "teacher-twin");
        List<ClientProcess> teachers = new ArrayList<>();
        for (String name : names) {
            teachers.add(foam.start(name, example("teacher.py")));
        }
        ClientProcess student = foam.start("pupil", example("student.py"));
        eventually("it learns", () -> foam.counters("pupil").number("step") >= 3);
        double first = foam.counters("pupil").number("heldOutLoss");
        for (int kill = 0; kill < 4; kill++) {
            int victim = kill % 2;
            double steps = foam.counters("pupil").number("step");
            long incarnation = foam.incarnation(names.get(victim));
            teachers.get(victim).kill();
            teachers.set(victim, foam.start(names.get(victim), example("teacher.py")));
            eventually(
                    names.get(victim) + " is back",
                    () -> foam.incarnation(names.get(victim)) > incarnation);
            eventually("it learns on", () -> foam.counters("pupil").number("step") >= steps + 20);
            assertTrue(student.isAlive(), student::said);
        }
        eventually(
                "the loss on held-out frames has fallen, from " + first,
                () -> foam.counters("pupil").number("heldOutLoss") < 0.6 * first);
        for (ClientProcess teacher : teachers) {
            teacher.stop();
            teacher.figures();
        }
        student.stop();
        student.figures();
        foam.assertNoErrors("pupil", "sensor");
        foam.stopRunners();
        foam.assertSwept();
    }

    /** A C program runs beside the sensor, a Python script too; each of them ends by itself. */
    @Test
    void shouldRunWhatTheDocumentShows() throws Exception {
        assumeNumpy();
        String document = Files.readString(ClientTools.HOME.resolve("docs/CLIENTS.md"));
        Matcher blocks =
                Pattern.compile("```(c|python)\n(.*?)```", Pattern.DOTALL).matcher(document);
        foam.run("sensor", new Camera());
        ClientProcess teacher = foam.start("teacher-vision", example("teacher.py"));
        List<ClientProcess> shown = new ArrayList<>();
        while (blocks.find()) {
            String name = "shown-" + shown.size();
            Path source = directory.resolve(name + (blocks.group(1).equals("c") ? ".c" : ".py"));
            Files.writeString(source, blocks.group(2));
            List<String> command = List.of("python3", source.toString());
            if (blocks.group(1).equals("c")) {
                Path program = directory.resolve(name);
                ClientTools.compile(
                        List.of("gcc", "-std=c11", "-O2"),
                        List.of(ClientTools.C.resolve("foam.c"), source),
                        program);
                command = List.of(program.toString());
            }
            shown.add(foam.start(name, command));
        }
        assertTrue(shown.size() >= 5, "only " + shown.size());
        for (ClientProcess one : shown) {
            assertTrue(!one.figures().isEmpty());
        }
        teacher.stop();
        teacher.figures();
        foam.stopRunners();
        foam.assertSwept();
    }
}
