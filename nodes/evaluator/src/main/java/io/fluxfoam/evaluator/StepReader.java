package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.io.IOException;
import java.util.Map;

/**
 * Audits the student's {@code steps}: shows the counts as counters and keeps them in the node's
 * state.
 */
final class StepReader {
    private final Node node;
    private final LeaseDrain drain;
    private final Subscription steps;
    private final AuditFile file;
    private final HoldoutAudit audit;
    private final Counter audited;
    private final Counter missed;
    private final Counter onHoldout;

    StepReader(Node node, LeaseDrain drain, String student) throws IOException {
        this.node = node;
        this.drain = drain;
        steps =
                node.subscribe(LoopStreams.of(student, LoopStreams.STEPS), ReadMode.FROM_OLDEST)
                        .withoutWakeup();
        file = new AuditFile(node.state(), FoamDirectory.open(node.foam()).createdMillis());
        audit = load();
        audited = node.counters().counter(LoopCounters.TRAINED_FRAMES_AUDITED);
        missed = node.counters().counter(LoopCounters.TRAINED_FRAMES_MISSED);
        onHoldout = node.counters().counter(LoopCounters.TRAINED_ON_HOLDOUT);
        show();
    }

    /**
     * A damaged file begins a new audit; what it had counted then counts as missed at the next
     * step.
     */
    private HoldoutAudit load() {
        try {
            return file.load();
        } catch (IOException e) {
            node.error(e);
            return new HoldoutAudit();
        }
    }

    /**
     * Reads what has come since. An audit is in no hurry: the ring keeps the steps of seconds, and
     * they wake nobody.
     */
    void turn() {
        drain.read(steps, this::step);
    }

    private void step(Lease lease) {
        audit.step(lease.incarnation(), lease.sequence(), Payloads.longs(lease));
        show();
    }

    private void show() {
        audited.set(audit.tally().audited());
        missed.set(audit.tally().missed());
        onHoldout.set(audit.tally().onHoldout());
    }

    void save() throws IOException {
        file.save(audit);
    }

    /** Adds the counts as facts for the journal. */
    void describe(Map<String, Object> facts) {
        facts.put(LoopCounters.STEP.label(), audit.last().step());
        facts.put(LoopCounters.TRAINED_FRAMES_AUDITED.label(), audit.tally().audited());
        facts.put(LoopCounters.TRAINED_FRAMES_MISSED.label(), audit.tally().missed());
        facts.put(LoopCounters.TRAINED_ON_HOLDOUT.label(), audit.tally().onHoldout());
    }
}
