package io.fluxfoam.sensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestFile;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.sensor.FrameListener.Tensor;
import io.fluxfoam.sensor.scene.SceneSource;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SensorNodeTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;
    private static final long SEED = 4;
    private static final double FRAMES_PER_SECOND = 50;

    @TempDir private Path folder;
    private Path foam;

    @BeforeEach
    void name() {
        foam = folder.resolve("foam");
    }

    @Test
    void shouldPublishEachSceneOnAllStreamsUnderOneFrameNumber() throws Exception {
        FrameListener listener = new FrameListener();
        try (NodeRunner ears = FrameListener.launch(foam, listener);
                NodeRunner sensor = launch(scenes(), () -> {});
                SceneSource same = new SceneSource(SHAPE, SEED);
                Arena arena = Arena.ofConfined()) {
            List<Tensor> pictures = listener.take("picture", 12);
            List<Tensor> sounds = listener.take("sound", 12);
            List<Tensor> captions = listener.take("caption", 12);
            MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
            MemorySegment sound = arena.allocate(SHAPE.soundBytes(), Float.BYTES);
            for (int i = 0; i < 12; i++) {
                long counter = FrameNumber.counter(pictures.get(i).frameNumber());
                assertEquals(FrameNumber.counter(pictures.getFirst().frameNumber()) + i, counter);
                for (Tensor tensor : List.of(sounds.get(i), captions.get(i))) {
                    assertEquals(pictures.get(i).frameNumber(), tensor.frameNumber());
                    assertEquals(pictures.get(i).captureNs(), tensor.captureNs());
                }
                same.read(counter, picture, sound);
                assertArrayEquals(picture.toArray(ValueLayout.JAVA_BYTE), pictures.get(i).bytes());
                assertArrayEquals(sound.toArray(ValueLayout.JAVA_BYTE), sounds.get(i).bytes());
                assertEquals(same.caption(), text(captions.get(i)));
            }
            assertEquals(same.candidates().text(), text(listener.take("candidates", 1).getFirst()));
            stopCleanly(sensor);
            stopCleanly(ears);
            assertEquals(0, listener.waiting("candidates"), "published once");
        }
    }

    @Test
    void shouldGoOnAfterTheLastCounterWhenItIsStartedAgain() throws Exception {
        FrameListener listener = new FrameListener();
        try (NodeRunner ears = FrameListener.launch(foam, listener)) {
            long expected;
            try (NodeRunner sensor = launch(scenes(), () -> {})) {
                List<Tensor> pictures = listener.take("picture", 3);
                expected = FrameNumber.counter(pictures.getLast().frameNumber()) + 1;
                stopCleanly(sensor);
            }
            try (NodeRunner sensor = launch(scenes(), () -> {})) {
                long incarnation;
                do {
                    Tensor picture = listener.take("picture", 1).getFirst();
                    assertEquals(expected++, FrameNumber.counter(picture.frameNumber()));
                    incarnation = FrameNumber.incarnation(picture.frameNumber());
                } while (incarnation < sensor.node().incarnation());
            }
            stopCleanly(ears);
        }
    }

    @Test
    void shouldSayOnceThatItsSourceHasEndedAndStayAlive() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        FrameListener listener = new FrameListener();
        try (NodeRunner ears = FrameListener.launch(foam, listener);
                NodeRunner sensor = launch(new Countdown(3), ended::countDown)) {
            ended.await();
            Tensor newest =
                    listener.take("picture", 1)
                            .getFirst(); // also for a listener that came too late for it
            while (FrameNumber.counter(newest.frameNumber()) < 2) {
                newest = listener.take("picture", 1).getFirst();
            }
            stopCleanly(sensor);
            stopCleanly(ears);
            assertEquals(0, listener.waiting("picture"));
            assertEquals(
                    0, listener.waiting("caption"), "a source without captions has no such stream");
        }
    }

    @Test
    void shouldCountWhatItsSourceSkips() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        FrameSource skipping =
                new Countdown(5) {
                    @Override
                    public long skippedItems() {
                        return 7;
                    }
                };
        try (NodeRunner sensor = launch(skipping, ended::countDown)) {
            ended.await();
            assertEquals(7, sensor.node().counters().counter("skippedItems").get());
            stopCleanly(sensor);
        }
    }

    @Test
    void shouldSayItsSourcesAndCarryCandidatesOfAnyLength() throws Exception {
        List<String> captions =
                IntStream.range(0, 1_024).mapToObj(i -> i + "x".repeat(500)).toList();
        Candidates candidates =
                Candidates.of(new CandidateSet("takes", HoldoutKind.TAKES, captions));
        FrameSource source =
                new Countdown(1) {
                    @Override
                    public Candidates candidates() {
                        return candidates;
                    }
                };
        NodeContext context = new NodeContext().foam(foam).name("sensor").role("sensor");
        List<String> names = List.of("file:a", "scenes:");
        FrameListener listener = new FrameListener();
        try (NodeRunner ears = FrameListener.launch(foam, listener);
                NodeRunner sensor =
                        NodeRunner.launch(
                                context,
                                new SensorNode(source, names, FRAMES_PER_SECOND, 0, () -> {}))) {
            assertEquals(
                    candidates, Candidates.parse(text(listener.take("candidates", 1).getFirst())));
            Path file = FoamDirectory.open(foam).file("sensor", 1, "manifest");
            Manifest manifest = ManifestFile.read(file).orElseThrow();
            assertEquals("file:a", manifest.attributes().get("source.0"));
            assertEquals("scenes:", manifest.attributes().get("source.1"));
            assertEquals(Optional.of(SHAPE), FrameShape.of(manifest));
            stopCleanly(sensor);
            stopCleanly(ears);
        }
    }

    @Test
    void shouldFailWithTheSourcesOwnMessage() throws Exception {
        FrameSource broken =
                new Countdown(1) {
                    @Override
                    public boolean read(
                            long counter, MemorySegment pictureRgb, MemorySegment soundF32)
                            throws IOException {
                        throw new SourceException("camera 3 has ended");
                    }
                };
        try (NodeRunner sensor = launch(broken, () -> {})) {
            assertEquals("camera 3 has ended", sensor.await().getMessage());
        }
    }

    private NodeRunner launch(FrameSource source, Runnable onEnd) throws IOException {
        NodeContext context = new NodeContext().foam(foam).name("sensor").role("sensor");
        return NodeRunner.launch(
                context, new SensorNode(source, List.of("test:"), FRAMES_PER_SECOND, 64, onEnd));
    }

    private static FrameSource scenes() throws SourceException {
        return new SceneSource(SHAPE, SEED);
    }

    private static void stopCleanly(NodeRunner runner) throws InterruptedException {
        runner.stop();
        assertNull(runner.await());
    }

    private static String text(Tensor tensor) {
        return new String(tensor.bytes(), StandardCharsets.UTF_8);
    }

    /** A source of a few empty frames. */
    private static class Countdown implements FrameSource {
        private int left;

        Countdown(int frames) {
            left = frames;
        }

        @Override
        public FrameShape shape() {
            return SHAPE;
        }

        @Override
        public boolean captioned() {
            return false;
        }

        @Override
        public Candidates candidates() {
            return Candidates.NONE;
        }

        @Override
        public boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32)
                throws IOException {
            return left-- > 0;
        }

        @Override
        public String caption() {
            return null;
        }

        @Override
        public void close() {}
    }
}
