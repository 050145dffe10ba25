package io.fluxfoam.teacher.voice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.speech.DiphoneVoice;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.teacher.TeacherSettings;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@Timeout(120)
class VoiceNodeTest {
    private static final String LONG = "one two three four five six seven eight nine ten eleven";

    @TempDir Path directory;

    private record Utterance(long frameNumber, long captureNs, long steps, float... values) {}

    /** Shows two captions in turns. */
    private static final class Captions implements NodeAgent {
        private StreamWriter captions;
        private long frames;

        @Override
        public void onStart(Node node) throws Exception {
            captions = node.publish(StreamSpec.of("caption", DType.U8, 512));
        }

        @Override
        public int doWork() {
            frames++;
            byte[] bytes = (frames % 2 == 0 ? "old bridge" : LONG).getBytes(StandardCharsets.UTF_8);
            try (Claim claim = captions.claim()) {
                MemorySegment.copy(
                        bytes, 0, claim.payload(), ValueLayout.JAVA_BYTE, 0, bytes.length);
                claim.shape(bytes.length).commit(frames, 1_000 + frames);
            }
            return 0;
        }
    }

    /** Keeps what the teacher publishes, and what it says of itself. */
    private static final class Listener implements NodeAgent {
        private final BlockingQueue<Utterance> heard = new LinkedBlockingQueue<>();
        private volatile TeacherCard card;
        private Node node;
        private Subscription features;

        @Override
        public void onStart(Node self) {
            node = self;
            features = node.subscribe("teacher-voice/features", ReadMode.LATEST);
        }

        @Override
        public int doWork() {
            try (Lease lease = features.poll()) {
                if (lease == null) {
                    return 0;
                }
                card =
                        node.peer("teacher-voice")
                                .flatMap(PeerView::manifest)
                                .map(TeacherCard::of)
                                .orElse(null);
                heard.add(
                        new Utterance(
                                lease.frameNumber(),
                                lease.captureNs(),
                                lease.dim(0),
                                lease.payload().toArray(ValueLayout.JAVA_FLOAT)));
                return 1;
            }
        }

        Utterance next(int parity) throws InterruptedException {
            while (true) {
                Utterance utterance = heard.poll(60, TimeUnit.SECONDS);
                assertNotNull(utterance, "no utterance within a minute");
                if (utterance.frameNumber() % 2 == parity) {
                    return utterance;
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
    void shouldPublishTheUtteranceOfEachFramesCaption() throws Exception {
        SpeakingTeacher teacher =
                new SpeakingTeacher(DiphoneVoice::new, DiphoneVoice.IDENTITY, line -> {});
        Listener listener = new Listener();
        try (NodeRunner sensor = launch("sensor", new Captions());
                NodeRunner voice =
                        launch(
                                "teacher-voice",
                                new VoiceNode(
                                        teacher,
                                        TeacherSettings.of(
                                                "sensor", new FrameRate(FrameRate.MAX))));
                NodeRunner student = launch("student", listener)) {
            Utterance first = listener.next(0);
            Utterance second = listener.next(0);
            listener.next(1);
            assertEquals(160, first.steps());
            assertEquals(first.frameNumber() + 1_000, first.captureNs());
            assertArrayEquals(first.values(), second.values());
            assertEquals(Alignment.SPEECH, listener.card.aligned());
            assertEquals("sensor", listener.card.sensor());
            assertEquals(1, teacher.cut());
            for (NodeRunner runner : List.of(student, voice, sensor)) {
                runner.stop();
                assertNull(runner.await());
            }
        }
    }
}
