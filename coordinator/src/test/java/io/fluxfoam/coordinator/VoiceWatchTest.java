package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.speech.MelSpectrogram;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

@Timeout(60)
class VoiceWatchTest {
    private static final long FRAME = FrameNumber.of(1, 5);

    @TempDir Path directory;
    private final List<Exception> errors = new ArrayList<>();

    /** What one node commits, each to a stream of its own, all of the same frame. */
    private record Tensor(String stream, DType dtype, byte... bytes) {
        static Tensor of(String stream, float... values) {
            byte[] bytes = MemorySegment.ofArray(values).toArray(ValueLayout.JAVA_BYTE);
            return new Tensor(stream, DType.F32, bytes);
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
                try (Claim claim = writers.get(i).claim()) {
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

    @Test
    void shouldShowWhatWasSaidBesideWhatWasToBeSaid() throws Exception {
        assertNull(watch().fresh());
        assertEquals(0, watch().samples().length);
        float[] samples = new float[MelSpectrogram.SAMPLES];
        for (int i = 0; i < 20_480; i++) {
            samples[i] = (float) Math.sin(i);
        }
        float[] meant = new float[MelSpectrogram.LENGTH];
        meant[0] = -6.9f;
        meant[1] = 20;
        meant[2] = -20;
        meant[3] = Float.NaN;
        try (NodeRunner _ = launch("student", "student", Tensor.of("voice", samples));
                NodeRunner _ = launch("teacher-voice", "teacher", Tensor.of("features", meant))) {
            VoiceWatch watch = watch();
            VoiceView view = watch.fresh();
            assertEquals("1:5", view.frame());
            assertEquals(2.56, view.seconds());
            assertEquals(160, view.steps());
            assertEquals(40, view.bands());
            assertArrayEquals(new byte[] {0, -1, 0, 0}, Arrays.copyOf(view.teacher(), 4));
            byte[] silence = new byte[60 * 40];
            byte[] end = Arrays.copyOfRange(view.student(), 100 * 40, 160 * 40);
            assertArrayEquals(silence, end, "only its first half is to be heard");
            assertFalse(Arrays.equals(silence, Arrays.copyOf(view.student(), 60 * 40)));
            assertEquals(4 * MelSpectrogram.SAMPLES, watch.samples().length);
            String json = Json.compact(view);
            assertTrue(json.contains("\"teacher\":\"AP8AA"), json);
            assertEquals(List.of(), errors);
        }
    }

    @Test
    void shouldPlayWhatWasSaidAlsoIfNobodyLookedInTime() throws Exception {
        try (NodeRunner _ = launch("student", "student", Tensor.of("voice", new float[16]))) {
            VoiceView view = watch().fresh();
            assertNull(view.teacher());
        }
    }
}
