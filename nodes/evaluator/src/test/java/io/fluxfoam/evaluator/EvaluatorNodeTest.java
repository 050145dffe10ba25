package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.Worlds;
import io.fluxfoam.evaluator.verdict.Meter;
import io.fluxfoam.journal.JournalEntry;
import io.fluxfoam.journal.JournalReader;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The evaluator in a foam of toy nodes whose figures are known beforehand. */
@Timeout(120)
class EvaluatorNodeTest {
    private static final List<String> THINGS = List.of("kite", "drum", "boat", "lamp");
    private static final List<String> DARK = List.of("owl", "kite");

    @TempDir private Path directory;

    private final Map<String, NodeRunner> runners = new HashMap<>();
    private Path foam;

    @BeforeEach
    void startPeers() throws IOException {
        foam = foam == null ? directory.resolve("foam") : foam;
        start("sensor", new ScriptedSensor());
        start("teacher-llm", new ScriptedTeacher());
    }

    @AfterEach
    void stopAll() {
        runners.values().forEach(NodeRunner::close);
    }

    @Test
    void shouldShowTheKnownFigures() throws Exception {
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        assertFalse(await(v -> true).containsKey("heldOut.frames"), "no figure is not zero");
        start("student", new ScriptedStudent(false));
        Map<String, Number> values =
                await(v -> !isNaN(v, "seenWords.top1") && !isNaN(v, "unseenWords.top1"));
        assertEquals(1, values.get("seenWords.top1").doubleValue());
        assertEquals(1, values.get("unseenWords.top1").doubleValue());
        assertEquals(
                .25,
                values.get("pictureOnly.top1").doubleValue(),
                1e-12,
                "says the mean: earns the chance");
        assertEquals(.25, values.get("seenWords.chance").doubleValue());
        assertEquals(.5, values.get("unseenWords.chance").doubleValue());
        assertEquals(4L, values.get("pictureOnly.candidates"));
        assertEquals(8L, values.get("seenWords.frames"));
        assertEquals(1, values.get("teacher.teacher-llm.centredCosine").doubleValue(), 1e-6);
        assertEquals(0, values.get("teacher.teacher-llm.unexplainedVariance").doubleValue(), 1e-6);
        assertTrue(values.get("teacher.teacher-llm.constantPredictor").doubleValue() >= 1);
        assertEquals(0L, values.get("trainedOnHoldout"));
        assertTrue(values.get("trainedFramesAudited").longValue() > 0);
        assertEquals(
                0L,
                await(v -> v.containsKey("teacher.teacher-llm.state"))
                        .get("teacher.teacher-llm.state"),
                "too little was seen of it");
        runners.remove("evaluator").close();
        JournalEntry last =
                JournalReader.readAll(foam.resolve("journal").resolve("evaluator")).getLast();
        assertEquals("heldOut", last.kind());
        assertTrue(
                last.facts().contains("\"seenWords\":{\"top1\":1.0,\"candidates\":4"),
                last.facts());
    }

    /**
     * Two worlds: in one the picture tells what it is and is varied by noise, in the other it is
     * always black.
     */
    @Test
    void shouldShowEachWorldsSetsAndWhatItsPixelsAlreadyTell() throws Exception {
        Candidates candidates =
                new Candidates(
                        new Worlds(2, 6),
                        List.of(
                                new CandidateSet("things", HoldoutKind.RENDERINGS, THINGS),
                                new CandidateSet("dark", HoldoutKind.TAKES, DARK).of(1)));
        LongFunction<String> caption =
                counter -> {
                    List<String> all = candidates.worlds().world(counter) == 0 ? THINGS : DARK;
                    long own = candidates.worlds().own(counter);
                    long turn = HoldoutRule.isHoldout(own) ? HoldoutRule.ordinal(own) : own;
                    return all.get((int) (turn % all.size()));
                };
        LongFunction<byte[]> picture =
                counter -> {
                    Random pattern = new Random(caption.apply(counter).hashCode());
                    Random noise = new Random(counter);
                    byte[] pixels = new byte[48 * 64 * 3];
                    for (int i = 0; candidates.worlds().world(counter) == 0 && i < 9216; i++) {
                        pixels[i] = (byte) (pattern.nextInt(120) + noise.nextInt(60));
                    }
                    return pixels;
                };
        runners.get("sensor").close();
        start("sensor", new ScriptedSensor(candidates.text(), caption, picture));
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        start("student", new ScriptedStudent(false));
        Map<String, Number> values =
                await(v ->
                        Stream.of("set.0.renderings.things.", "set.1.takes.dark.")
                                .flatMap(set -> Stream.of(set + "both", set + "neighbourColour"))
                                .noneMatch(label -> isNaN(v, label)));
        assertEquals(1, values.get("set.0.renderings.things.both").doubleValue());
        assertEquals(.25, values.get("set.0.renderings.things.picture").doubleValue(), 1e-12);
        assertEquals(1, values.get("set.0.renderings.things.sound").doubleValue());
        assertEquals(4L, values.get("set.0.renderings.things.candidates"));
        assertEquals(8L, values.get("set.0.renderings.things.frames"));
        assertEquals(.5, values.get("set.1.takes.dark.chance").doubleValue());
        assertEquals(1, values.get("set.1.takes.dark.sound").doubleValue());
        assertEquals(.5, values.get("set.1.takes.dark.neighbourGrey").doubleValue());
        assertEquals(.5, values.get("set.1.takes.dark.neighbourColour").doubleValue());
        assertTrue(isNaN(values, "seenWords.top1"), "these are no scenes");
        // In the first frames a thing may have no trained picture yet.
        await(v -> v.get("set.0.renderings.things.neighbourColour").doubleValue() == 1);
        // Another sensor has other sets.
        runners.get("sensor").close();
        start("sensor", new ScriptedSensor());
        values = await(v -> !isNaN(v, "seenWords.top1"));
        assertEquals(0L, values.get("set.1.takes.dark.candidates"));
        assertTrue(isNaN(values, "set.1.takes.dark.both"));
        assertEquals(1, values.get("set.0.sentences.seenWords.both").doubleValue());
        assertTrue(isNaN(values, "set.0.sentences.seenWords.neighbourGrey"), "none is trained on");
        assertEquals(List.of(), snapshot().errors());
    }

    @Test
    void shouldCatchAStudentThatTrainsOnAHoldoutFrame() throws Exception {
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        start("student", new ScriptedStudent(true));
        Map<String, Number> values = await(v -> v.get("trainedOnHoldout").longValue() > 0);
        assertEquals(1L, values.get("trainedOnHoldout"));
    }

    @Test
    void shouldGoOnWhenAnyPeerLeavesAndReturns() throws Exception {
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        start("student", new ScriptedStudent(false));
        awaitMoreFrames();
        runners.get("student").close();
        start("student", new ScriptedStudent(false));
        awaitMoreFrames();
        runners.get("teacher-llm").close();
        awaitMoreFrames();
        start("teacher-llm", new ScriptedTeacher());
        awaitMoreFrames();
        runners.get("sensor").close();
        start("sensor", new ScriptedSensor());
        awaitMoreFrames();
        assertEquals(1, snapshot().values().get("seenWords.top1").doubleValue());
        assertEquals(List.of(), snapshot().errors());
    }

    @Test
    void shouldGoOnWithItsAuditWhenItReturns() throws Exception {
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        start("student", new ScriptedStudent(true));
        await(v ->
                v.get("trainedOnHoldout").longValue() == 1
                        && v.get("trainedFramesAudited").longValue() > 20);
        runners.get("evaluator").close();
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        Map<String, Number> values = await(v -> v.get("trainedFramesAudited").longValue() > 40);
        assertEquals(1L, values.get("trainedOnHoldout"), "what was found stays found");
    }

    @Test
    void shouldAuditANewFoamWithTheStateOfAnOldOne() throws Exception {
        Path state = directory.resolve("state");
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()), state);
        start("student", new ScriptedStudent(true));
        long before =
                await(v -> v.get("trainedFramesAudited").longValue() > 50)
                        .get("trainedFramesAudited")
                        .longValue();
        stopAll();
        runners.clear();
        foam = directory.resolve("next-foam");
        startPeers();
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()), state);
        start("student", new ScriptedStudent(true));
        Map<String, Number> values = await(v -> v.get("trainedOnHoldout").longValue() == 2);
        assertTrue(values.get("trainedFramesAudited").longValue() > before);
    }

    /** As on a full device: the journal wants more space than what must not be lost. */
    @Test
    void shouldSaveAuditAndRetrievalAlsoWhenTheJournalCannotBeWritten() throws Exception {
        Files.createFile(foam.resolve("journal"));
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        start("student", new ScriptedStudent(false));
        await(v ->
                v.containsKey("heldOut.frames") && v.get("trainedFramesAudited").longValue() > 0);
        runners.remove("evaluator").close();
        Path state = foam.resolve("state").resolve("evaluator");
        long created = FoamDirectory.open(foam).createdMillis();
        assertTrue(new AuditFile(state, created).load().tally().audited() > 0);
        assertTrue(new RetrievalFile(state).load().orElseThrow().frames() > 0);
        assertEquals(1, snapshot().errors().size());
    }

    @Test
    void shouldNotJudgeByATeacherOfAnotherSensor() throws Exception {
        runners.get("teacher-llm").close();
        start("teacher-llm", new ScriptedTeacher("sensor-2", "1"));
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        start("student", new ScriptedStudent(false));
        Map<String, Number> values =
                await(v -> v.getOrDefault("read.teacher-llm/features.leases", 0).longValue() > 3);
        assertTrue(isNaN(values, "teacher.teacher-llm.centredCosine"));
        runners.get("teacher-llm").close();
        start("teacher-llm", new ScriptedTeacher());
        await(v -> !isNaN(v, "teacher.teacher-llm.centredCosine"));
    }

    @Test
    void shouldGoOnWithItsFiguresWhenItReturns() throws Exception {
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        start("student", new ScriptedStudent(false));
        await(v -> !isNaN(v, "seenWords.top1"));
        runners.get("evaluator").close();
        long before = snapshot().values().get("heldOut.frames").longValue();
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        long first = await(v -> v.containsKey("heldOut.frames")).get("heldOut.frames").longValue();
        assertTrue(first > before, () -> "frames=" + first + " before=" + before);
        assertEquals(
                1, await(v -> !isNaN(v, "seenWords.top1")).get("seenWords.top1").doubleValue());
    }

    @Test
    void shouldFindOutThatAnotherEvaluatorIsWrong() throws Exception {
        runners.get("sensor").close();
        start("sensor", new ScriptedSensor().hurried());
        NodeContext context = new NodeContext().foam(foam).name("slander").role("evaluator");
        runners.put("slander", NodeRunner.launch(context, new SlanderingEvaluator()));
        start("evaluator", new EvaluatorNode(PeerNames.DEFAULT, Meter.all()));
        start("student", new ScriptedStudent(false));
        await(v -> v.getOrDefault("judge.slander.reliability", 1).doubleValue() < .5);
        runners.remove("evaluator").close();
        assertTrue(
                JournalReader.readAll(foam.resolve("journal").resolve("evaluator")).stream()
                        .filter(entry -> entry.kind().equals("judge"))
                        .map(JournalEntry::facts)
                        .anyMatch(facts ->
                                facts.contains("\"name\":\"slander\"")
                                        && facts.contains("\"asked\":false")));
    }

    private void start(String name, NodeAgent agent, Path state) throws IOException {
        NodeContext context = new NodeContext().foam(foam).name(name).role("toy").durable(state);
        runners.put(name, NodeRunner.launch(context, agent));
    }

    private void start(String name, NodeAgent agent) throws IOException {
        runners.put(
                name,
                NodeRunner.launch(new NodeContext().foam(foam).name(name).role("toy"), agent));
    }

    private void awaitMoreFrames() throws IOException {
        long frames = await(v -> v.get("heldOut.frames") != null).get("heldOut.frames").longValue();
        await(v ->
                v.get("heldOut.frames").longValue()
                        >= frames + 2 * ScriptedWorld.sentences().size());
    }

    private Map<String, Number> await(Predicate<Map<String, Number>> condition) throws IOException {
        while (true) {
            Map<String, Number> values = snapshot().values();
            if (values.containsKey("trainedOnHoldout") && condition.test(values)) {
                return values;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private CountersSnapshot snapshot() throws IOException {
        FoamDirectory directory = FoamDirectory.open(foam);
        long incarnation = MarkView.read(directory, "evaluator").incarnation();
        return CountersSnapshot.read(directory.file("evaluator", incarnation, "counters"));
    }

    private static boolean isNaN(Map<String, Number> values, String label) {
        return !values.containsKey(label) || Double.isNaN(values.get(label).doubleValue());
    }
}
