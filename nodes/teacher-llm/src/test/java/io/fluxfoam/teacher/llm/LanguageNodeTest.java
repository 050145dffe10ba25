package io.fluxfoam.teacher.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.MemoryMode;
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
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.TeacherSettings;
import io.fluxfoam.teacher.memory.MemorySettings;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@Timeout(120)
class LanguageNodeTest {
    private static final String OFFER =
            Candidates.of(
                            new CandidateSet(
                                    "renderings",
                                    HoldoutKind.RENDERINGS,
                                    List.of("red kite above the harbour", "old bridge")),
                            new CandidateSet(
                                    "style", HoldoutKind.STYLE, List.of("old bridge", "green dog")))
                    .text();

    @TempDir Path directory;

    private record Tensor(
            String stream, long frameNumber, long captureNs, long rows, float... values) {}

    /**
     * Offers candidates once and says a caption under a new frame number at every turn until it is
     * stopped.
     */
    private static final class Speaker implements NodeAgent {
        private StreamWriter captions;
        private StreamWriter candidates;
        private long frames;

        @Override
        public void onStart(Node node) throws Exception {
            captions = node.publish(StreamSpec.of("caption", DType.U8, 512));
            candidates = node.publish(StreamSpec.of("candidates", DType.U8, 65_536));
        }

        @Override
        public int doWork() {
            if (frames == 0) {
                say(candidates, OFFER, 77);
            }
            say(captions, "old bridge", ++frames);
            return 0;
        }

        private static void say(StreamWriter writer, String text, long frameNumber) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try (Claim claim = writer.claim()) {
                MemorySegment.copy(
                        bytes, 0, claim.payload(), ValueLayout.JAVA_BYTE, 0, bytes.length);
                claim.shape(bytes.length).commit(frameNumber, 1_000 + frameNumber);
            }
        }
    }

    /** Collects what the teacher publishes. */
    private static final class Listener implements NodeAgent {
        private final BlockingQueue<Tensor> heard = new LinkedBlockingQueue<>();
        private List<Subscription> subscriptions = List.of();

        @Override
        public void onStart(Node node) {
            subscriptions =
                    List.of(
                            node.subscribe("teacher-llm/features", ReadMode.LATEST),
                            node.subscribe("teacher-llm/candidates", ReadMode.LATEST));
        }

        @Override
        public int doWork() {
            int work = 0;
            for (Subscription subscription : subscriptions) {
                try (Lease lease = subscription.poll()) {
                    if (lease != null) {
                        heard.add(
                                new Tensor(
                                        lease.rank() == 2 ? "candidates" : "features",
                                        lease.frameNumber(),
                                        lease.captureNs(),
                                        lease.rank() == 2 ? lease.dim(0) : 1,
                                        lease.payload().toArray(ValueLayout.JAVA_FLOAT)));
                        work++;
                    }
                }
            }
            return work;
        }

        Tensor next(String stream) throws InterruptedException {
            while (true) {
                Tensor tensor = heard.poll(60, TimeUnit.SECONDS);
                assertNotNull(tensor, "no " + stream + " within a minute");
                if (tensor.stream().equals(stream)) {
                    return tensor;
                }
            }
        }
    }

    private NodeRunner launch(String name, NodeAgent agent) throws Exception {
        NodeContext context =
                new NodeContext().foam(directory.resolve("foam")).name(name).role("test");
        return NodeRunner.launch(context, agent);
    }

    @Test
    void shouldPublishMeaningsOfCaptionsAndOfCandidates() throws Exception {
        ModelDirectory models =
                ModelDirectory.of("teacher-llm", LanguageNode.class, Optional.empty());
        Listener listener = new Listener();
        try (NodeRunner sensor = launch("sensor", new Speaker());
                NodeRunner teacher =
                        launch(
                                "teacher-llm",
                                new LanguageNode(
                                        new MeaningTeacher(models, 1),
                                        TeacherSettings.of("sensor", new FrameRate(FrameRate.MAX))
                                                .with(
                                                        new MemorySettings(
                                                                MemoryMode.ON, 1 << 20))));
                NodeRunner student = launch("student", listener)) {
            Tensor candidates = listener.next("candidates");
            Tensor features = listener.next("features");
            assertEquals(77, candidates.frameNumber());
            assertEquals(1_077, candidates.captureNs());
            assertEquals(3, candidates.rows());
            assertEquals(3 * 384, candidates.values().length);
            assertEquals(features.frameNumber() + 1_000, features.captureNs());
            float[] secondRow = java.util.Arrays.copyOfRange(candidates.values(), 384, 768);
            assertArrayEquals(features.values(), secondRow);
            for (NodeRunner runner : List.of(student, teacher, sensor)) {
                runner.stop();
                assertNull(runner.await());
            }
        }
    }

    @Test
    void shouldTakeSentencesInTheirOrder() {
        assertEquals(
                List.of("red kite above the harbour", "old bridge", "green dog"),
                CandidateSentences.sentences(OFFER));
    }

    @Test
    void shouldRefuseOfferOfAnotherForm() {
        assertThrows(IllegalArgumentException.class, () -> CandidateSentences.sentences(""));
        assertThrows(
                IllegalArgumentException.class, () -> CandidateSentences.sentences("red kite"));
        assertThrows(
                IllegalArgumentException.class,
                () -> CandidateSentences.sentences(Candidates.NONE.text()));
    }
}
