package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.PeerView;
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

import picocli.CommandLine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A teacher between a sensor and a student, all of them real nodes of one foam in this process. */
@Timeout(120)
class TeacherNodeTest {
    private static final int HEIGHT = 2;
    private static final int WIDTH = 4;
    private static final FrameRate ALL = new FrameRate(FrameRate.MAX);
    private static final TeacherSettings ALL_FRAMES = TeacherSettings.of("sensor", ALL);

    @TempDir Path directory;

    private final List<NodeRunner> runners = new ArrayList<>();

    /** Publishes one picture for each permit; all pixels of frame n have the value n. */
    private static final class Camera implements NodeAgent {
        private final Semaphore shots = new Semaphore(0);
        private volatile StreamWriter pictures;
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
                claim.payload().fill((byte) frames);
                claim.commit(frames, 1_000L * frames);
            }
            return 1;
        }
    }

    private record Features(long frameNumber, long captureNs, float... values) {}

    /** Collects what the teacher publishes. */
    private static final class Student implements NodeAgent {
        private final BlockingQueue<Features> seen = new LinkedBlockingQueue<>();
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
                float[] values = lease.payload().toArray(ValueLayout.JAVA_FLOAT);
                seen.add(new Features(lease.frameNumber(), lease.captureNs(), values));
                return 1;
            }
        }

        Features next() throws InterruptedException {
            Features features = seen.poll(60, TimeUnit.SECONDS);
            assertNotNull(features, "no features within a minute");
            return features;
        }
    }

    /** Tells the first pixel, for each permit; has nothing to say about odd ones. */
    private static final class Hesitant implements Teacher {
        private final Semaphore begun = new Semaphore(0);
        private final Semaphore allowed = new Semaphore(0);

        @Override
        public FeatureSpec features() {
            return new FeatureSpec(
                    Sense.PICTURE, new long[] {1}, Alignment.NONE, Axes.ROWS, "first pixel", false);
        }

        @Override
        public void load() {}

        @Override
        public boolean infer(Sample sample, MemorySegment features) {
            begun.release();
            allowed.acquireUninterruptibly();
            int pixel = sample.payload().get(ValueLayout.JAVA_BYTE, 0);
            features.set(ValueLayout.JAVA_FLOAT, 0, pixel);
            return pixel % 2 == 0;
        }

        @Override
        public void close() {}
    }

    private FoamDirectory foam() throws Exception {
        return FoamDirectory.create(directory.resolve("foam"));
    }

    private NodeRunner launch(String name, NodeAgent agent) throws Exception {
        NodeRunner runner =
                NodeRunner.launch(
                        new NodeContext().foam(directory.resolve("foam")).name(name).role("test"),
                        agent);
        runners.add(runner);
        return runner;
    }

    @AfterEach
    void stopAll() {
        runners.reversed().forEach(NodeRunner::close);
    }

    /** Reads the manifest of each life of the teacher. */
    private static final class Onlooker implements NodeAgent {
        private final BlockingQueue<TeacherCard> cards = new LinkedBlockingQueue<>();
        private Node node;
        private long seen;

        @Override
        public void onStart(Node newNode) {
            node = newNode;
        }

        @Override
        public int doWork() {
            node.peer("teacher")
                    .flatMap(PeerView::manifest)
                    .filter(manifest -> manifest.incarnation() > seen)
                    .ifPresent(manifest -> {
                        seen = manifest.incarnation();
                        cards.add(TeacherCard.of(manifest));
                    });
            return 0;
        }
    }

    private TeacherCard card(Onlooker onlooker, Teacher teacher, String sensor) throws Exception {
        NodeRunner runner =
                launch("teacher", new TeacherNode(teacher, TeacherSettings.of(sensor, ALL)));
        TeacherCard card = onlooker.cards.poll(60, TimeUnit.SECONDS);
        assertNotNull(card, "no manifest within a minute");
        runner.stop();
        assertNull(runner.await());
        return card;
    }

    private GenericTeacher brighter(float factor, String... flags) throws Exception {
        Path model =
                new TinyOnnx()
                        .input("pixels", 1, 3, HEIGHT, WIDTH)
                        .constant("factor", factor)
                        .node("Mul", List.of("pixels", "factor"), "bright")
                        .output("bright", 1, 3, HEIGHT, WIDTH)
                        .write(directory.resolve("bright.onnx"));
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("--model", model.toString()));
        return CommandLine.populateSpec(GenericOptions.class, all.toArray(String[]::new))
                .open(Sense.PICTURE, 1);
    }

    @Test
    void shouldSayWhichSensorItLooksAtAndWhatMakesItsFeatures() throws Exception {
        Onlooker onlooker = new Onlooker();
        launch("student", onlooker);
        TeacherCard first = card(onlooker, brighter(2), "sensor");
        assertEquals(
                new TeacherCard("sensor", Alignment.PICTURE, Axes.CHW, first.epoch(), false),
                first);
        assertEquals(first, card(onlooker, brighter(2), "sensor"));
        TeacherCard elsewhere = card(onlooker, brighter(2, "--aligned", "PICTURE"), "sensor-2");
        assertEquals("sensor-2", elsewhere.sensor());
        assertEquals(Alignment.PICTURE, elsewhere.aligned());
        Set<String> epochs = new HashSet<>(Set.of("", first.epoch()));
        assertTrue(epochs.add(card(onlooker, brighter(3), "sensor").epoch()), "weights");
        assertTrue(
                epochs.add(card(onlooker, brighter(2, "--std", "0.5"), "sensor").epoch()), "std");
        assertTrue(
                epochs.add(card(onlooker, brighter(2, "--channels", "BGR"), "sensor").epoch()),
                "channels");
    }

    private GenericTeacher channelMeans(int height, int width) throws Exception {
        Path model =
                new TinyOnnx()
                        .input("pixels", 1, 3, height, width)
                        .node("GlobalAveragePool", List.of("pixels"), "means")
                        .output("means", 1, 3, 1, 1)
                        .write(directory.resolve("means.onnx"));
        return CommandLine.populateSpec(GenericOptions.class, "--model", model.toString())
                .open(Sense.PICTURE, 1);
    }

    @Test
    void shouldPublishFeaturesUnderFrameNumberAndCaptureTimeOfTheirPicture() throws Exception {
        Camera camera = new Camera();
        Student student = new Student();
        launch("sensor", camera);
        NodeRunner teacher =
                launch("teacher", new TeacherNode(channelMeans(HEIGHT, WIDTH), ALL_FRAMES));
        launch("student", student);
        for (int frame = 1; frame <= 20; frame++) {
            camera.shots.release();
            Features features = student.next();
            float mean = frame / 255f;
            assertEquals(frame, features.frameNumber());
            assertEquals(1_000L * frame, features.captureNs());
            assertArrayEquals(new float[] {mean, mean, mean}, features.values(), 1e-5f);
        }
        teacher.stop();
        assertNull(teacher.await());
    }

    @Test
    void shouldTakeTheNewestPictureAfterASlowOneAndSkipTheRest() throws Exception {
        Camera camera = new Camera();
        Student student = new Student();
        Hesitant hesitant = new Hesitant();
        launch("sensor", camera);
        launch("teacher", new TeacherNode(hesitant, ALL_FRAMES));
        launch("student", student);
        camera.shots.release(2);
        hesitant.begun.acquire();
        camera.shots.release(8);
        while (camera.shots.availablePermits() > 0 || camera.pictures.sequence() < 10) {
            Thread.onSpinWait();
        }
        hesitant.allowed.release(10);
        Features features = student.next();
        while (features.frameNumber() < 10) {
            assertEquals(features.frameNumber(), features.values()[0]);
            features = student.next();
        }
        assertEquals(10, features.values()[0]);
        assertTrue(hesitant.allowed.availablePermits() >= 7, "a skipped picture was looked at");
    }

    @Test
    void shouldGoOnBeatingWhileTheTeacherThinks() throws Exception {
        Camera camera = new Camera();
        Hesitant hesitant = new Hesitant();
        launch("sensor", camera);
        NodeRunner teacher = launch("teacher", new TeacherNode(hesitant, ALL_FRAMES));
        camera.shots.release();
        hesitant.begun.acquire();
        long begunNs = System.nanoTime();
        long ageMillis;
        long thinkingMillis;
        do {
            ageMillis = MarkView.read(foam(), "teacher").heartbeatAgeMillis();
            thinkingMillis = (System.nanoTime() - begunNs) / 1_000_000;
        } while (ageMillis + 1 >= thinkingMillis);
        teacher.stop();
        hesitant.allowed.release();
        assertNull(teacher.await());
    }

    @Test
    void shouldPublishNothingForPictureItHasNothingToSayAbout() throws Exception {
        Camera camera = new Camera();
        Student student = new Student();
        Hesitant hesitant = new Hesitant();
        hesitant.allowed.release(100);
        launch("sensor", camera);
        launch("teacher", new TeacherNode(hesitant, ALL_FRAMES));
        launch("student", student);
        for (int frame = 1; frame <= 6; frame++) {
            camera.shots.release();
            hesitant.begun.acquire();
            if (frame % 2 == 0) {
                assertEquals(frame, student.next().frameNumber());
            }
        }
    }

    @Test
    void shouldEndWithBothShapesWhenTheSensorSendsWhatItDoesNotTake() throws Exception {
        Camera camera = new Camera();
        GenericTeacher sound = soundTeacher();
        launch("sensor", camera);
        NodeRunner teacher = launch("teacher", new TeacherNode(new Deaf(sound), ALL_FRAMES));
        camera.shots.release();
        Throwable failure = teacher.await();
        assertEquals("wrong shape for sound: expected [?], actual [2,4,3]", failure.getMessage());
        assertEquals(ModelException.class, failure.getClass());
    }

    private GenericTeacher soundTeacher() throws Exception {
        Path model =
                new TinyOnnx()
                        .input("samples", 1, TensorSpec.ANY)
                        .node("Neg", List.of("samples"), "negative")
                        .output("negative", 1, TensorSpec.ANY)
                        .write(directory.resolve("negative.onnx"));
        return CommandLine.populateSpec(GenericOptions.class, "--model", model.toString())
                .open(Sense.SOUND, 1);
    }

    /** Listens to pictures. */
    private record Deaf(GenericTeacher teacher) implements Teacher {
        @Override
        public FeatureSpec features() {
            FeatureSpec heard = teacher.features();
            return new FeatureSpec(
                    Sense.PICTURE,
                    heard.shape(),
                    heard.aligned(),
                    heard.axes(),
                    heard.identity(),
                    false);
        }

        @Override
        public void load() {
            teacher.load();
        }

        @Override
        public boolean infer(Sample sample, MemorySegment features) {
            return teacher.infer(sample, features);
        }

        @Override
        public void close() {
            teacher.close();
        }
    }
}
