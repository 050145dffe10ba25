package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.Hearing;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.evaluator.verdict.Meter;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

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

    /**
     * Hears of seen words what was to be said, but a neighbour rather, and of unseen ones nothing.
     */
    private static final class Hearer implements NodeAgent {
        private final List<String> repertoire = new ArrayList<>(ScriptedWorld.sentences());
        private Subscription captions;
        private Subscription voice;
        private StreamWriter heard;
        private final Map<Long, String> captionOf = new HashMap<>();

        @Override
        public void onStart(Node node) throws IOException {
            captions = node.subscribe("sensor/caption", ReadMode.IN_ORDER);
            voice = node.subscribe("student/voice", ReadMode.IN_ORDER);
            heard = node.publish(StreamSpec.of("heard", DType.F32, Hearing.MOST_VALUES));
            repertoire.addFirst("a seen sentence");
            StreamWriter texts = node.publish(StreamSpec.of("repertoire", DType.U8, 4_096));
            try (Claim claim = texts.claim().tag(7)) {
                ScriptedWorld.putText(claim, String.join("\n", repertoire) + "\n");
                claim.commit(0, 0);
            }
        }

        @Override
        public int doWork() {
            try (Lease lease = captions.poll()) {
                if (lease != null) {
                    captionOf.put(lease.frameNumber(), Payloads.text(lease));
                    return 1;
                }
            }
            try (Lease lease = voice.poll()) {
                if (lease == null) {
                    return 0;
                }
                String caption = captionOf.get(lease.frameNumber());
                if (caption != null) {
                    boolean isSeen = ScriptedWorld.SEEN.contains(caption);
                    float[] likeness = new float[repertoire.size()];
                    likeness[repertoire.indexOf(caption)] = .5f;
                    Hearing hearing = new Hearing(isSeen ? .9f : .1f, .6f, likeness);
                    try (Claim claim = heard.claim().tag(7)) {
                        ScriptedWorld.put(claim, 0, hearing.values());
                        claim.shape(hearing.values().length)
                                .commit(lease.frameNumber(), lease.captureNs());
                    }
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
                start("evaluator", "evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
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
        assertEquals(0, values.get("set.0.sentences.seenWords.spokenError").doubleValue());
        assertTrue(values.get("set.0.sentences.unseenWords.spokenError").doubleValue() > .01);
        assertTrue(values.get("set.0.sentences.seenWords.parrotError").doubleValue() > .01);
        assertEquals(
                .25,
                values.get("set.0.sentences.seenWords.parrotSpoken").doubleValue(),
                .1,
                "it knows one sentence, which is nearest to one of four");
        assertEquals(0L, values.get("set.0.sentences.seenWords.ear"), "nobody else heard it");
        assertFalse(isKnown(values, "set.0.sentences.seenWords.spokenExactly"));
        assertEquals(0L, values.get("errors"));
    }

    @Test
    void shouldBelieveAnEarWhileItLives() throws Exception {
        NodeRunner evaluator =
                start("evaluator", "evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        start("sensor", "sensor", new Prompter());
        start("teacher-voice", "teacher", new Reciter());
        start("student", "student", new Talker());
        NodeRunner ear = start("ear", "ear", new Hearer());
        Map<String, Number> values =
                await(
                        evaluator,
                        v ->
                                is(v, "seenWords.ear", 1)
                                        && is(v, "unseenWords.ear", 1)
                                        && isKnown(v, "set.0.sentences.unseenWords.spokenOfAll")
                                        && isKnown(v, "set.0.sentences.seenWords.spokenError"));
        assertTrue(is(values, "seenWords.spoken", 1));
        assertTrue(is(values, "seenWords.spokenOfAll", 1));
        assertTrue(is(values, "seenWords.spokenExactly", 0), "a neighbour was rather heard");
        for (String figure : List.of("spoken", "spokenOfAll", "spokenExactly")) {
            assertTrue(is(values, "unseenWords." + figure, 0), "nobody spoke: " + figure);
        }
        ear.close();
        values = await(evaluator, v -> is(v, "unseenWords.ear", 0));
        assertFalse(is(values, "unseenWords.spoken", 0), "by spectrogram some are right");
        assertFalse(isKnown(values, "set.0.sentences.unseenWords.spokenExactly"));
        start("ear", "ear", new Hearer());
        await(evaluator, v -> is(v, "unseenWords.ear", 1) && is(v, "unseenWords.spoken", 0));
        assertEquals(0L, values.get("errors"));
    }

    private static boolean is(Map<String, Number> values, String figure, double wanted) {
        Number value = values.get("set.0.sentences." + figure);
        return value != null && value.doubleValue() == wanted;
    }

    private Map<String, Number> await(
            NodeRunner evaluator, Predicate<Map<String, Number>> condition) throws Exception {
        Map<String, Number> values = values(evaluator);
        while (!condition.test(values)) {
            Thread.sleep(20);
            values = values(evaluator);
        }
        return values;
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
