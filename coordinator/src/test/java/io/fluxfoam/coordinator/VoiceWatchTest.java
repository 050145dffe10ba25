package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

@Timeout(60)
class VoiceWatchTest {
    private static final HeatmapLayout LAYOUT =
            HeatmapLayout.EMPTY.append("eye", 2, 2).append("teacher-voice", 3, 2);
    private static final long FRAME = FrameNumber.of(1, 5);

    @TempDir Path directory;
    private final List<Exception> errors = new ArrayList<>();

    /** What one node commits, each to a stream of its own, all of the same frame. */
    private record Tensor(String stream, DType dtype, long tag, byte... bytes) {
        static Tensor of(String stream, float... values) {
            byte[] bytes = MemorySegment.ofArray(values).toArray(ValueLayout.JAVA_BYTE);
            return new Tensor(stream, DType.F32, 0, bytes);
        }
    }

    private static final class Once implements NodeAgent {
        private final CountDownLatch done = new CountDownLatch(1);
        private final Tensor[] tensors;
        private final List<StreamWriter> writers = new ArrayList<>();

        private Once(Tensor... tensors) {
            this.tensors = tensors;
        }

        @Override
        public void onStart(Node node) throws IOException {
            for (Tensor tensor : tensors) {
                long length = tensor.bytes().length / tensor.dtype().bytes();
                writers.add(node.publish(StreamSpec.of(tensor.stream(), tensor.dtype(), length)));
            }
        }

        @Override
        public int doWork() {
            for (int i = 0; i < writers.size() && done.getCount() > 0; i++) {
                try (Claim claim = writers.get(i).claim().tag(tensors[i].tag())) {
                    claim.payload().copyFrom(MemorySegment.ofArray(tensors[i].bytes()));
                    claim.commit(FRAME, System.nanoTime());
                }
            }
            done.countDown();
            return 0;
        }
    }

    private NodeRunner launch(String name, String role, Tensor... tensors) throws Exception {
        Once agent = new Once(tensors);
        NodeContext context =
                new NodeContext().foam(directory.resolve("foam")).name(name).role(role);
        NodeRunner runner = NodeRunner.launch(context, agent);
        agent.done.await();
        return runner;
    }

    private VoiceWatch watch() throws IOException {
        FoamDirectory foam = FoamDirectory.create(directory.resolve("foam"));
        StatusProbe probe = new StatusProbe(foam, errors::add);
        return new VoiceWatch(
                foam,
                () -> {
                    try {
                        return probe.status().nodes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                errors::add);
    }

    private static Tensor layout() {
        byte[] text = LAYOUT.text().getBytes(StandardCharsets.UTF_8);
        return new Tensor("layout", DType.U8, LAYOUT.version(), text);
    }

    private static Tensor heatmap() {
        float[] values = new float[LAYOUT.floats()];
        int offset = LAYOUT.find("teacher-voice").orElseThrow().offset();
        values[offset] = 6;
        values[offset + 1] = Float.NaN;
        values[offset + 2] = -6.9f;
        return Tensor.of("heatmap", values);
    }

    @Test
    void shouldShowWhatWasSaidBesideWhatWasToBeSaid() throws Exception {
        assertNull(watch().fresh());
        assertEquals(0, watch().samples().length);
        float[] samples = new float[8_000];
        samples[3] = .5f;
        try (NodeRunner _ =
                        launch(
                                "student",
                                "student",
                                layout(),
                                heatmap(),
                                Tensor.of("voice", samples));
                NodeRunner _ =
                        launch(
                                "teacher-voice",
                                "teacher",
                                Tensor.of("features", -6.9f, -6.9f, 20, -20, -6.9f, -6.9f))) {
            VoiceWatch watch = watch();
            VoiceView view = watch.fresh();
            assertEquals("1:5", view.frame());
            assertEquals(.5, view.seconds());
            assertEquals(3, view.steps());
            assertEquals(2, view.bands());
            assertArrayEquals(new byte[] {0, 0, -1, 0, 0, 0}, view.teacher());
            assertEquals(-1, view.student()[0], "as loud as can be shown");
            assertEquals(0, view.student()[1], "no number");
            assertEquals(0, view.student()[2]);
            assertEquals(4 * 8_000, watch.samples().length);
            String json = Json.compact(view);
            assertTrue(json.contains("\"teacher\":\"AAD/AAAA\""), json);
            assertEquals(List.of(), errors);
        }
    }

    @Test
    void shouldPlayWhatWasSaidAlsoIfNobodyLookedInTime() throws Exception {
        try (NodeRunner _ = launch("student", "student", Tensor.of("voice", new float[16]))) {
            VoiceView view = watch().fresh();
            assertEquals(0, view.steps());
            assertNull(view.student());
            assertNull(view.teacher());
        }
    }
}
