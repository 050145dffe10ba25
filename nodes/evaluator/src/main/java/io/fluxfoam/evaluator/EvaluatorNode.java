package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.evaluator.verdict.Meter;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Judges the student on HOLDOUT frames, audits what it trained on, says of each teacher whether it
 * is still what it was, and of each evaluator how often it was right about that. Nothing waits for
 * it; every peer may be missing, die and come back, and a tensor that makes no sense is an error in
 * the log and nothing more.
 */
final class EvaluatorNode implements NodeAgent {
    private static final long JOURNAL_EVERY_NS = TimeUnit.SECONDS.toNanos(5);

    private final PeerNames names;
    private final Set<Meter> meters;
    private Node node;
    private StepReader steps;
    private ScalingReader scaling;
    private RetrievalReader sentences;
    private RegionReader regions;
    private VerdictReader verdicts;
    private JudgeReader judges;
    private SpokenReader spoken;
    private long nextJournalNs;

    EvaluatorNode(PeerNames names, Set<Meter> meters) {
        this.names = names;
        this.meters = meters;
    }

    @Override
    public void onStart(Node newNode) throws IOException {
        node = newNode;
        LeaseDrain drain = new LeaseDrain(node);
        Counter copiedBytes = node.counters().counter(LoopCounters.COPIED_BYTES);
        steps = new StepReader(node, drain, names.student());
        scaling = new ScalingReader(node, drain, names.student());
        sentences = new RetrievalReader(node, drain, scaling, names, copiedBytes);
        verdicts = new VerdictReader(node, meters);
        judges = new JudgeReader(node);
        regions = new RegionReader(node, drain, scaling, names, verdicts, judges, copiedBytes);
        spoken = new SpokenReader(node, drain, scaling, names, copiedBytes);
        nextJournalNs = System.nanoTime() + JOURNAL_EVERY_NS;
    }

    @Override
    public int doWork() {
        steps.turn();
        int work = scaling.turn() + sentences.turn() + regions.turn() + spoken.turn();
        long nowNs = System.nanoTime();
        attempt(() -> verdicts.turn(nowNs));
        attempt(() -> judges.turn(verdicts::held, nowNs));
        if (nowNs - nextJournalNs >= 0) {
            nextJournalNs = nowNs + JOURNAL_EVERY_NS;
            record();
        }
        return work;
    }

    /** Saves the audit and the evaluation, then writes all figures to the journal. */
    private void record() {
        attempt(steps::save);
        attempt(sentences::save);
        attempt(verdicts::save);
        attempt(judges::save);
        Map<String, Object> facts = new LinkedHashMap<>();
        sentences.describe(facts);
        steps.describe(facts);
        regions.describe(facts);
        spoken.describe(facts);
        attempt(() -> node.journal().append("heldOut", facts));
    }

    private interface Write {
        void write() throws IOException;
    }

    /** A full disk must end neither the evaluation nor what still fits on it. */
    private void attempt(Write write) {
        try {
            write.write();
        } catch (IOException e) {
            node.error(e);
        }
    }

    @Override
    public void onStop() {
        record();
    }
}
