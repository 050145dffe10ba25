package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the student's {@code holdout} predictions through the {@link RetrievalEvaluator} and shows
 * the figures as counters.
 */
final class RetrievalReader {
    private final Node node;
    private final LeaseDrain drain;
    private final ScalingReader scaling;
    private final String language;
    private final Subscription candidates;
    private final Subscription embeddings;
    private final Subscription captions;
    private final Subscription holdout;
    private final RetrievalFile file;
    private final RetrievalEvaluator evaluation;
    private final NeighbourReader neighbours;
    private final Counter copiedBytes;
    private final Map<SetEvaluation, SetCounters> shown = new IdentityHashMap<>();

    RetrievalReader(
            Node node,
            LeaseDrain drain,
            ScalingReader scaling,
            PeerNames names,
            Counter copiedBytes)
            throws IOException {
        this.node = node;
        this.drain = drain;
        this.scaling = scaling;
        this.language = names.language();
        this.copiedBytes = copiedBytes;
        candidates =
                node.subscribe(
                        LoopStreams.of(names.sensor(), LoopStreams.CANDIDATES), ReadMode.LATEST);
        embeddings =
                node.subscribe(
                        LoopStreams.of(names.language(), LoopStreams.CANDIDATES), ReadMode.LATEST);
        captions =
                node.subscribe(
                        LoopStreams.of(names.sensor(), LoopStreams.CAPTION), ReadMode.IN_ORDER);
        holdout =
                node.subscribe(
                        LoopStreams.of(names.student(), LoopStreams.HOLDOUT), ReadMode.IN_ORDER);
        file = new RetrievalFile(node.state());
        evaluation = new RetrievalEvaluator(load());
        neighbours = new NeighbourReader(node, drain, names.sensor(), evaluation, copiedBytes);
    }

    /** A damaged file begins a new evaluation. */
    private @Nullable RetrievalRecord load() {
        try {
            return file.load().orElse(null);
        } catch (IOException e) {
            node.error(e);
            return null;
        }
    }

    /**
     * Keeps the figures for the evaluator's next life; those of the life before are kept until
     * captions come.
     */
    void save() throws IOException {
        if (evaluation.hasCandidates()) {
            file.save(evaluation.record());
        }
    }

    int turn() {
        return drain.read(
                        candidates,
                        lease -> evaluation.candidates(lease.frameNumber(), Payloads.text(lease)))
                + drain.read(
                        embeddings,
                        lease -> evaluation.embeddings(lease.frameNumber(), Payloads.rows(lease)))
                + drain.read(captions, this::caption)
                + neighbours.turn()
                + drain.read(holdout, this::prediction);
    }

    private void caption(Lease lease) {
        if (HoldoutRule.isHoldout(lease.frameNumber())) {
            evaluation.caption(lease.frameNumber(), Payloads.text(lease));
        } else {
            neighbours.caption(lease);
        }
    }

    private void prediction(Lease lease) {
        Optional<Region> region =
                scaling.fit(lease) ? scaling.layout().find(language) : Optional.empty();
        Optional<RegionScaling> known = region.flatMap(scaling::of);
        if (known.isEmpty()) {
            return;
        }
        if (!evaluation.knows(lease.frameNumber())) {
            drain.read(captions, this::caption);
        }
        float[][] views = Payloads.rows(lease);
        copiedBytes.add(lease.payloadBytes());
        evaluation
                .judge(lease.frameNumber(), views, known.get())
                .ifPresent(judged -> {
                    neighbours.judge(lease.frameNumber(), judged);
                    show(judged.set());
                });
    }

    /**
     * The counters appear with the first frame judged: a figure that is not there yet is not zero.
     */
    private void show(SetEvaluation judged) {
        if (!shown.containsKey(judged)) {
            shown.values().forEach(SetCounters::end);
            shown.clear();
            for (SetEvaluation set : evaluation.sets()) {
                shown.put(set, new SetCounters(node.counters(), set.set()));
            }
        }
        node.counters().counter(LoopCounters.HELD_OUT_EVALUATED).set(evaluation.frames());
        shown.forEach((set, counters) -> counters.show(set));
    }

    /** Adds the figures as facts for the journal. */
    void describe(Map<String, Object> facts) {
        facts.put("frames", evaluation.frames());
        for (SetEvaluation set : evaluation.sets()) {
            facts.putAll(SetCounters.facts(set));
        }
    }
}
