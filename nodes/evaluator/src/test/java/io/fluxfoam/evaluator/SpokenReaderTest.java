package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.speech.MelSpectrogram;
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
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Toys that say captions as tones: the evaluator hears which. */
@Timeout(120)
class SpokenReaderTest {
    @TempDir private Path directory;
    private final List<NodeRunner> runners = new ArrayList<>();

    private static final Map<String, float[]> TONES = new ConcurrentHashMap<>();

    /** A caption's own tone. */
    private static float[] tone(String caption) {
        return TONES.computeIfAbsent(caption, SpokenReaderTest::newTone);
    }

    private static float[] newTone(String caption) {
        int index = ScriptedWorld.sentences().indexOf(caption) + 1;
        float[] samples = new float[MelSpectrogram.SAMPLES];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (.3 * Math.sin(2 * Math.PI * (300 + 250 * index) * i / 16_000));
        }
        return samples;
    }

    /** Shows captions as {@link ScriptedSensor} does, but without a rest. */
    private static final class Prompter implements NodeAgent {
        private final ScriptedSensor sensor = new ScriptedSensor();
        private long nextNs = System.nanoTime();

        @Override
        public void onStart(Node node) throws IOException {
            sensor.onStart(node);
        }

        @Override
        public int doWork() {
            long nowNs = System.nanoTime();
            if (nowNs < nextNs) {
                return 0;
            }
            nextNs = nowNs + 10_000_000L;
            sensor.doWork();
            return 1;
        }
    }

    /** Reads each caption. */
    private static final class Reciter implements NodeAgent {
        private final MelSpectrogram spectrogram = new MelSpectrogram();
        private Subscription captions;
        private StreamWriter features;

        @Override
        public void onStart(Node node) throws IOException {
            new TeacherCard("sensor", Alignment.SPEECH, Axes.ROWS, "1", true)
                    .attributes()
                    .forEach(node::attribute);
            captions = node.subscribe("sensor/caption", ReadMode.IN_ORDER);
            features = node.publish(StreamSpec.of("features", DType.F32, 160, 40));
        }

        @Override
        public int doWork() {
            try (Lease lease = captions.poll()) {
                if (lease == null) {
                    return 0;
                }
                float[] values = new float[MelSpectrogram.LENGTH];
                spectrogram.compute(tone(Payloads.text(lease)), values);
                try (Claim claim = features.claim()) {
                    claim.payload().copyFrom(MemorySegment.ofArray(values));
                    claim.commit(lease.frameNumber(), lease.captureNs());
                }
                return 1;
            }
        }
    }

    /** Says of a held-out frame its caption, or, of unseen words, always the same of seen ones. */
    private static final class Talker implements NodeAgent {
        private final HeatmapLayout layout = HeatmapLayout.EMPTY.append("teacher-voice", 160, 40);
        private Subscription captions;
        private StreamWriter voice;

        @Override
        public void onStart(Node node) throws IOException {
            captions = node.subscribe("sensor/caption", ReadMode.IN_ORDER);
            voice = node.publish(StreamSpec.of("voice", DType.F32, MelSpectrogram.SAMPLES));
            StreamWriter layouts = node.publish(StreamSpec.of("layout", DType.U8, 4_096));
            StreamWriter statistics =
                    node.publish(StreamSpec.of("statistics", DType.F32, 2, layout.floats()));
            try (Claim claim = layouts.claim().tag(layout.version())) {
                ScriptedWorld.putText(claim, layout.text());
                claim.commit(0, 0);
            }
            float[] scaling = new float[2 * layout.floats()];
            Arrays.fill(scaling, layout.floats(), scaling.length, 2);
            try (Claim claim = statistics.claim().tag(layout.version())) {
                claim.payload().copyFrom(MemorySegment.ofArray(scaling));
                claim.commit(0, 0);
            }
        }

        @Override
        public int doWork() {
            try (Lease lease = captions.poll()) {
                if (lease == null || !HoldoutRule.isHoldout(lease.frameNumber())) {
                    return lease == null ? 0 : 1;
                }
                String caption = Payloads.text(lease);
                boolean isSeen = ScriptedWorld.SEEN.contains(caption);
                try (Claim claim = voice.claim()) {
                    float[] said = tone(isSeen ? caption : ScriptedWorld.SEEN.getFirst());
                    claim.payload().copyFrom(MemorySegment.ofArray(said));
                    claim.commit(lease.frameNumber(), lease.captureNs());
                }
                return 1;
            }
        }
    }

    private NodeRunner start(String name, String role, NodeAgent agent) throws Exception {
        NodeContext context =
                new NodeContext()
                        .foam(directory.resolve("foam"))
                        .name(name)
                        .role(role)
                        .maxIdleNs(2_000_000);
        NodeRunner runner = NodeRunner.launch(context, agent);
        runners.add(runner);
        return runner;
    }

    @AfterEach
    void stopAll() {
        runners.reversed().forEach(NodeRunner::close);
    }

    @Test
    void shouldHearWhetherAnUtteranceIsItsFramesCaption() throws Exception {
        NodeRunner evaluator =
                start("evaluator", "evaluator", new EvaluatorNode(PeerNames.DEFAULT));
        start("sensor", "sensor", new Prompter());
        start("teacher-voice", "teacher", new Reciter());
        start("student", "student", new Talker());
        Map<String, Number> values = values(evaluator);
        while (!isKnown(values, "set.0.sentences.seenWords.spoken")
                || !isKnown(values, "set.0.sentences.unseenWords.spokenOfAll")) {
            Thread.sleep(20);
            values = values(evaluator);
        }
        assertEquals(1, values.get("set.0.sentences.seenWords.spoken").doubleValue());
        assertEquals(1, values.get("set.0.sentences.seenWords.spokenOfAll").doubleValue());
        assertEquals(0, values.get("set.0.sentences.unseenWords.spokenOfAll").doubleValue());
        double unseen = values.get("set.0.sentences.unseenWords.spoken").doubleValue();
        assertTrue(unseen >= .3 && unseen <= .7, "always the same of two: " + unseen);
        assertEquals(0L, values.get("errors"));
    }

    private static boolean isKnown(Map<String, Number> values, String label) {
        return values.containsKey(label) && !Double.isNaN(values.get(label).doubleValue());
    }

    private Map<String, Number> values(NodeRunner evaluator) throws IOException {
        return CountersSnapshot.read(
                        FoamDirectory.create(directory.resolve("foam"))
                                .file("evaluator", evaluator.node().incarnation(), "counters"))
                .values();
    }
}
