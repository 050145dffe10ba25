package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.coordinator.HeatmapView.RegionView;
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
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

@Timeout(60)
class HeatmapWatchTest {
    private static final int WIDE = 1_000;
    private static final HeatmapLayout LAYOUT =
            HeatmapLayout.EMPTY.append("eye", 2, 2).append("ear", 1, WIDE);
    private static final long FIRST = FrameNumber.of(1, 4);
    private static final long SECOND = FrameNumber.of(1, 5);

    @TempDir Path directory;
    private FoamDirectory foam;
    private final List<NodeRunner> running = new ArrayList<>();
    private final List<Exception> errors = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    @AfterEach
    void stopAll() {
        running.forEach(NodeRunner::close);
        assertEquals(List.of(), errors);
    }

    private HeatmapView look() {
        StatusProbe probe = new StatusProbe(foam, errors::add);
        return new HeatmapWatch(
                        foam,
                        () -> {
                            try {
                                return probe.status().nodes();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        errors::add)
                .fresh();
    }

    /** A node that commits what this test gives it, on its own thread. */
    private static final class Speaker implements NodeAgent {
        private final StreamSpec[] specs;
        private final Map<String, StreamWriter> writers = new HashMap<>();
        private final BlockingQueue<FutureTask<Void>> tasks = new LinkedBlockingQueue<>();

        private Speaker(StreamSpec... specs) {
            this.specs = specs;
        }

        @Override
        public void onStart(Node node) throws IOException {
            for (StreamSpec spec : specs) {
                writers.put(spec.name(), node.publish(spec));
            }
        }

        @Override
        public int doWork() {
            FutureTask<Void> task = tasks.poll();
            if (task == null) {
                return 0;
            }
            task.run();
            return 1;
        }

        private void say(String stream, long frame, long tag, byte[] bytes, int count)
                throws Exception {
            FutureTask<Void> task =
                    new FutureTask<>(
                            () -> {
                                try (Claim claim =
                                        writers.get(stream).claim().shape(count).tag(tag)) {
                                    claim.payload()
                                            .asSlice(0, bytes.length)
                                            .copyFrom(MemorySegment.ofArray(bytes));
                                    claim.commit(frame, System.nanoTime());
                                }
                            },
                            null);
            tasks.add(task);
            task.get();
        }

        private void say(String stream, long frame, long tag, float... values) throws Exception {
            byte[] bytes = MemorySegment.ofArray(values).toArray(ValueLayout.JAVA_BYTE);
            say(stream, frame, tag, bytes, values.length);
        }
    }

    private Speaker launch(String name, String role, StreamSpec... specs) throws Exception {
        Speaker speaker = new Speaker(specs);
        running.add(
                NodeRunner.launch(
                        new NodeContext().foam(foam.path()).name(name).role(role), speaker));
        FutureTask<Void> started = new FutureTask<>(() -> {}, null);
        speaker.tasks.add(started);
        started.get();
        return speaker;
    }

    private Speaker student() throws Exception {
        return launch(
                "student",
                "student",
                StreamSpec.of("layout", DType.U8, 4_096),
                StreamSpec.of("statistics", DType.F32, 4_096),
                StreamSpec.of("heatmap", DType.F32, 2_048));
    }

    /** Mean 10 and scale 2 everywhere, or unknown in one region. */
    private static void describe(Speaker student, String unknown) throws Exception {
        byte[] text = LAYOUT.text().getBytes(StandardCharsets.UTF_8);
        student.say("layout", FIRST, LAYOUT.version(), text, text.length);
        float[] statistics = new float[2 * LAYOUT.floats()];
        LAYOUT.regions().stream()
                .filter(region -> !region.name().equals(unknown))
                .forEach(region -> {
                    for (int i = region.offset(); i < region.end(); i++) {
                        statistics[i] = 10;
                        statistics[LAYOUT.floats() + i] = 2;
                    }
                });
        student.say("statistics", FIRST, LAYOUT.version(), statistics);
    }

    private static float[] prediction(float eye) {
        float[] values = new float[LAYOUT.floats()];
        values[0] = eye;
        for (int i = 0; i < WIDE; i++) {
            values[LAYOUT.find("ear").orElseThrow().offset() + i] = i;
        }
        return values;
    }

    private Speaker teacher(String name, int floats) throws Exception {
        return launch(name, "teacher", StreamSpec.of("features", DType.F32, floats));
    }

    @Test
    void shouldShowPredictionAndTruthOfTheSameFrame() throws Exception {
        assertNull(look());
        Speaker student = student();
        assertNull(look());
        describe(student, "");
        assertNull(look(), "nothing was predicted yet");
        Speaker eye = teacher("eye", 4);
        Speaker ear = teacher("ear", WIDE);
        student.say("heatmap", FIRST, LAYOUT.version(), prediction(12));
        student.say("heatmap", SECOND, LAYOUT.version(), prediction(6));
        eye.say("features", FIRST, 0, 14, 10, 1_000, 10);
        eye.say("features", SECOND, 0, 8, 10, 10, 10);

        HeatmapView view = look();
        assertEquals("1:5", view.frame());
        assertTrue(view.holdout());
        assertEquals(List.of("eye", "ear"), view.regions().stream().map(RegionView::name).toList());
        assertEquals(List.of(-2.0, -5.0, -5.0, -5.0), view.regions().get(0).student());
        assertEquals(List.of(-1.0, 0.0, 0.0, 0.0), view.regions().get(0).teacher());
        assertEquals(256, view.regions().get(1).student().size());
        assertNull(view.regions().get(1).teacher());

        float[] said = new float[WIDE];
        said[WIDE / 2] = 11;
        ear.say("features", FIRST, 0, said);
        view = look();
        assertEquals("1:4", view.frame(), "of this one both teachers have spoken");
        assertFalse(view.holdout());
        assertEquals(
                List.of(2.0, 0.0, 10.0, 0.0), view.regions().get(0).teacher(), "far away is cut");
        assertEquals(0.5, view.regions().get(1).teacher().get(128));
        assertEquals(-5.0, view.regions().get(1).teacher().get(127));
        String json = Json.compact(view);
        assertTrue(json.startsWith("{\"frame\":\"1:4\",\"holdout\":false,\"ageSeconds\":"), json);
        assertTrue(
                json.contains(
                        "\"regions\":[{\"name\":\"eye\",\"tokens\":2,\"dim\":2,\"student\":[1.0,-5.0"),
                json);
        assertTrue(
                StreamView.read(foam.file("eye", 1, "features.control")).lanes().isEmpty(),
                "a lane was taken");
    }

    @Test
    void shouldShowNothingOfWhatItCannotRead() throws Exception {
        Speaker student = student();
        describe(student, "eye");
        student.say("heatmap", FIRST, LAYOUT.version(), prediction(12));
        teacher("eye", 4).say("features", FIRST, 0, 1, 2, 3, 4);
        teacher("ear", 3).say("features", FIRST, 0, 1, 2, 3);
        HeatmapView view = look();
        assertNull(view.regions().get(0).student(), "its statistics are not known");
        assertNull(view.regions().get(0).teacher(), "its statistics are not known");
        assertNull(view.regions().get(1).teacher(), "of another length than its region");

        Files.delete(foam.file("ear", 1, "features.control"));
        assertEquals("1:4", look().frame());
        student.say("statistics", FIRST, LAYOUT.version() - 1, new float[8]);
        assertNull(look(), "the statistics are not those of the layout");
    }
}
