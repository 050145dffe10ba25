package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.EvaluatorWords;
import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Routing;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.evaluator.gold.JudgeTable;
import io.fluxfoam.node.Node;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Listens to what all evaluators say of the teachers, this one too, and says how reliable each is;
 * the journal has a line whenever one is no longer to be asked, or is again.
 */
final class JudgeReader {
    private static final int MAX_LINES = 128;
    private static final long MAGIC = 0x464F414D4A444731L; // FOAMJDG1
    private static final long LISTEN_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SAY_AGAIN_NS = TeacherVerdict.LASTS_NS / 10;

    private final Node node;
    private final StreamWriter stream;
    private final EvaluatorWords<TeacherVerdict> words;
    private final StateFile<JudgeTable> file;
    private final JudgeTable table;
    private final Map<String, Gauge> gauges = new HashMap<>();
    private final Map<String, Boolean> asked = new HashMap<>();
    private boolean isNew;
    private long listenNs;
    private long sayAgainNs;

    JudgeReader(Node node) throws IOException {
        this.node = node;
        stream =
                node.publish(
                        StreamSpec.of(
                                LoopStreams.RELIABILITIES,
                                DType.U8,
                                MAX_LINES * JudgeReliability.MAX_LINE_BYTES));
        words = new EvaluatorWords<>(node, LoopStreams.VERDICTS, TeacherVerdict::parse);
        file =
                new StateFile<>(
                        node.state(),
                        LoopStreams.RELIABILITIES,
                        MAGIC,
                        JudgeTable::readFrom,
                        JudgeTable::writeTo);
        table = file.loadOr(JudgeTable::new, node::error);
        listenNs = System.nanoTime();
        sayAgainNs = listenNs;
    }

    void save() throws IOException {
        file.save(table);
    }

    /** Takes what a teacher said of a held-out frame, and what the student had predicted. */
    void heldOut(Region region, float[] predicted, float[] truth) {
        isNew |= table.heldOut(region.name(), region.dim(), predicted, truth);
    }

    /**
     * Listens, and publishes what is known better now; what is not, now and then.
     *
     * @param own what this evaluator holds of the teachers
     */
    int turn(Supplier<List<TeacherVerdict>> own, long nowNs) throws IOException {
        int count = words.read(nowNs);
        if (count > 0 || nowNs - listenNs >= 0) {
            listenNs = nowNs + LISTEN_EVERY_NS;
            words.follow();
            Map<String, List<TeacherVerdict>> said = words.held(nowNs);
            said.put(node.name(), own.get());
            said.forEach(table::said);
            table.silenceAllBut(said.keySet());
        }
        if (isNew || nowNs - sayAgainNs >= 0) {
            sayAgainNs = nowNs + SAY_AGAIN_NS;
            isNew = false;
            show();
            publish();
        }
        return count;
    }

    private void show() throws IOException {
        for (Map.Entry<String, Double> each : table.overall().entrySet()) {
            String judge = each.getKey();
            gauges.computeIfAbsent(
                            judge,
                            _ -> node.counters().gauge(LoopCounters.JUDGE_RELIABILITY.of(judge)))
                    .set(each.getValue());
            boolean isAsked = each.getValue() >= Routing.LEAST;
            Boolean before = asked.put(judge, isAsked);
            if (isAsked != (before == null || before)) {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("name", judge);
                facts.put("reliability", each.getValue());
                facts.put("asked", isAsked);
                node.journal().append("judge", facts);
            }
        }
    }

    private void publish() {
        List<JudgeReliability> all = table.reliabilities();
        if (all.isEmpty()) {
            return;
        }
        byte[] text =
                JudgeReliability.text(all.subList(0, Math.min(MAX_LINES, all.size())))
                        .getBytes(StandardCharsets.UTF_8);
        try (Claim claim = stream.claim().shape(text.length)) {
            MemorySegment.copy(text, 0, claim.payload(), ValueLayout.JAVA_BYTE, 0, text.length);
            claim.commit(0, System.nanoTime());
        }
    }
}
