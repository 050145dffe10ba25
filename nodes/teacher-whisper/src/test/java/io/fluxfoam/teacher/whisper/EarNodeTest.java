package io.fluxfoam.teacher.whisper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.Hearing;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.speech.DiphoneVoice;
import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.speech.Recitation;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelFile;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

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
import java.util.function.Predicate;

/** An ear between a toy sensor and a toy student. */
@Timeout(120)
class EarNodeTest {
    private static final List<String> TRAINED = List.of("red dog", "blue cat");
    private static final List<String> HELD_OUT = List.of("red cat", "blue dog");

    @TempDir private Path directory;

    /** What was heard, with the captions that it is about. */
    private record Report(
            long frameNumber, long captureNs, Hearing hearing, List<String> captions) {
        float likeness(String caption) {
            int index = captions.indexOf(caption);
            return index < 0 || index >= hearing.likeness().length
                    ? Float.NaN
                    : hearing.likeness()[index];
        }
    }

    /** Shows its captions in turns, and says aloud of held-out frames what another does. */
    private static final class World implements NodeAgent {
        private StreamWriter captions;
        private Node node;
        private long counter;
        private long nextNs = System.nanoTime();

        @Override
        public void onStart(Node self) throws Exception {
            node = self;
            captions = node.publish(StreamSpec.of("caption", DType.U8, 512));
            StreamWriter offers = node.publish(StreamSpec.of("candidates", DType.U8, 4_096));
            CandidateSet set = new CandidateSet("all", HoldoutKind.SENTENCES, HELD_OUT);
            put(offers, 0, Candidates.of(set).text());
        }

        static String caption(long counter) {
            int ordinal = (int) (HoldoutRule.ordinal(counter) % 2);
            return HoldoutRule.isHoldout(counter)
                    ? HELD_OUT.get(ordinal)
                    : TRAINED.get((int) (counter % 2));
        }

        @Override
        public int doWork() {
            if (System.nanoTime() - nextNs < 0) {
                return 0;
            }
            nextNs = System.nanoTime() + 20_000_000L;
            put(captions, FrameNumber.of(node.incarnation(), counter), caption(counter));
            counter++;
            return 1;
        }

        private static void put(StreamWriter stream, long frame, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try (Claim claim = stream.claim()) {
                claim.payload().asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
                claim.shape(bytes.length).commit(frame, 1_000 + frame);
            }
        }
    }

    /** Reads each held-out caption aloud; every fourth time it is silent. */
    private static final class Reader implements NodeAgent {
        private final DiphoneVoice voice = new DiphoneVoice();
        private Subscription captions;
        private StreamWriter said;
        private int count;

        @Override
        public void onStart(Node node) throws Exception {
            captions = node.subscribe("sensor/caption", ReadMode.IN_ORDER);
            said = node.publish(StreamSpec.of("voice", DType.F32, MelSpectrogram.SAMPLES));
        }

        @Override
        public int doWork() {
            try (Lease lease = captions.poll()) {
                if (lease == null || !HoldoutRule.isHoldout(lease.frameNumber())) {
                    return lease == null ? 0 : 1;
                }
                byte[] text = lease.payload().toArray(ValueLayout.JAVA_BYTE);
                count++;
                float[] samples =
                        count % 4 == 0
                                ? new float[MelSpectrogram.SAMPLES]
                                : Recitation.of(new String(text, StandardCharsets.UTF_8), voice)
                                        .samples();
                try (Claim claim = said.claim()) {
                    claim.payload().copyFrom(MemorySegment.ofArray(samples));
                    claim.commit(lease.frameNumber(), lease.captureNs());
                }
                return 1;
            }
        }
    }

    /** Keeps what the ear publishes. */
    private static final class Witness implements NodeAgent {
        private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
        private Subscription heard;
        private Subscription repertoire;
        private List<String> captions = List.of();

        @Override
        public void onStart(Node node) {
            repertoire = node.subscribe("ear/repertoire", ReadMode.LATEST);
            heard = node.subscribe("ear/heard", ReadMode.IN_ORDER);
        }

        @Override
        public int doWork() {
            try (Lease lease = repertoire.poll()) {
                if (lease != null) {
                    byte[] text = lease.payload().toArray(ValueLayout.JAVA_BYTE);
                    captions = new String(text, StandardCharsets.UTF_8).lines().toList();
                }
            }
            try (Lease lease = heard.poll()) {
                if (lease == null) {
                    return 0;
                }
                reports.add(
                        new Report(
                                lease.frameNumber(),
                                lease.captureNs(),
                                Hearing.of(lease.payload().toArray(ValueLayout.JAVA_FLOAT)),
                                captions));
                return 1;
            }
        }

        Report next(Predicate<Report> wanted) throws InterruptedException {
            while (true) {
                Report report = reports.poll(60, TimeUnit.SECONDS);
                assertNotNull(report, "nothing heard within a minute");
                if (wanted.test(report)) {
                    return report;
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
    void shouldSayWhichSentencesAnUtteranceSoundsLike() throws Exception {
        ModelDirectory models =
                ModelDirectory.of("teacher-whisper", EarNode.class, Optional.empty());
        assumeTrue(models.files().stream().allMatch(ModelFile::exists), "no speech models");
        Witness witness = new Witness();
        try (NodeRunner sensor = launch("sensor", new World());
                NodeRunner student = launch("student", new Reader());
                NodeRunner ear = launch("ear", new EarNode(models, "sensor", "student"));
                NodeRunner evaluator = launch("evaluator", witness)) {
            Report report =
                    witness.next(one ->
                            !one.hearing().isNothing()
                                    && one.hearing().likeness().length == 4
                                    && !Float.isNaN(one.hearing().neighbour()));
            assertEquals(HELD_OUT, report.captions().subList(0, 2), "candidates come first");
            String own = World.caption(FrameNumber.counter(report.frameNumber()));
            assertEquals(1_000 + report.frameNumber(), report.captureNs());
            assertEquals(1, report.likeness(own), 1e-4);
            for (String other : report.captions()) {
                if (!other.equals(own)) {
                    assertTrue(report.likeness(other) < .99, other + report.likeness(other));
                }
            }
            float likest = Math.max(report.likeness("red dog"), report.likeness("blue cat"));
            assertEquals(likest, report.hearing().neighbour(), 1e-6, "both differ in one word");
            Report silence = witness.next(one -> one.hearing().isNothing());
            assertTrue(HoldoutRule.isHoldout(silence.frameNumber()));
            for (NodeRunner runner : List.of(evaluator, ear, student, sensor)) {
                runner.stop();
                assertFalse(runner.await() != null, () -> String.valueOf(runner.node().name()));
            }
        }
    }
}
