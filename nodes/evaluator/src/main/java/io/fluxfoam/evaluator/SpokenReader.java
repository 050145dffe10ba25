package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.EarKind;
import io.fluxfoam.distill.Hearing;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.SetKey;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.tensor.FrameNumber;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges what the student says aloud of held-out frames, by the samples and nothing else. An ear,
 * if one lives, says what they sound like to the speech teacher's model. And it looks itself: of
 * all utterances that the voice teacher has made, which has the nearest spectrogram? It knows them
 * from the teacher's own tensors. Either is asked once all captions of the frame's set are known to
 * it. It reads none of it while there is no voice teacher in the foam.
 */
final class SpokenReader {
    private static final int MAX_CAPTIONS = 2_048;
    private static final int MAX_TRAINED = 1_024;

    private final Node node;
    private final LeaseDrain drain;
    private final ScalingReader scaling;
    private final PeerNames names;
    private final Counter copiedBytes;
    private final FrameJoin<String> captionOf = new FrameJoin<>(MAX_CAPTIONS);
    private final Set<String> trained = new HashSet<>();
    private final UtteranceGallery gallery = new UtteranceGallery();
    private final MelSpectrogram look = new MelSpectrogram();
    private final Map<String, SpokenSet> scores = new HashMap<>();
    private Candidates sets = Candidates.NONE;
    private boolean hadEar;
    private @Nullable Streams streams;

    /** What it reads. */
    private record Streams(
            Subscription candidates,
            Subscription captions,
            Subscription utterances,
            Subscription voice,
            HeardReader heard) {}

    SpokenReader(
            Node node,
            LeaseDrain drain,
            ScalingReader scaling,
            PeerNames names,
            Counter copiedBytes) {
        this.node = node;
        this.drain = drain;
        this.scaling = scaling;
        this.names = names;
        this.copiedBytes = copiedBytes;
    }

    int turn() {
        Streams reading = streams;
        if (reading == null) {
            if (node.peer(LoopNodes.TEACHER_VOICE).isEmpty()) {
                return 0;
            }
            reading =
                    new Streams(
                            subscribe(names.sensor(), LoopStreams.CANDIDATES, ReadMode.LATEST),
                            subscribe(names.sensor(), LoopStreams.CAPTION, ReadMode.IN_ORDER),
                            subscribe(
                                    LoopNodes.TEACHER_VOICE,
                                    LoopStreams.FEATURES,
                                    ReadMode.IN_ORDER),
                            subscribe(names.student(), LoopStreams.VOICE, ReadMode.IN_ORDER),
                            new HeardReader(node, drain, this::heard));
            streams = reading;
        }
        if (hasEar() != hadEar) {
            hadEar = hasEar();
            scores.values().forEach(set -> set.show(hadEar));
        }
        return drain.read(reading.candidates(), this::candidates)
                + drain.read(reading.captions(), this::caption)
                + drain.read(reading.utterances(), this::utterance)
                + drain.read(reading.voice(), this::said)
                + reading.heard().turn();
    }

    private Subscription subscribe(String peer, String stream, ReadMode mode) {
        return node.subscribe(LoopStreams.of(peer, stream), mode);
    }

    private boolean hasEar() {
        return node.peer(LoopNodes.EAR).map(PeerView::state).filter(NodeState::isHeld).isPresent();
    }

    private void candidates(Lease lease) {
        Candidates offered = Candidates.parse(Payloads.text(lease));
        if (!offered.equals(sets)) {
            scores.values().forEach(SpokenSet::end);
            scores.clear();
            sets = offered;
        }
    }

    private void caption(Lease lease) {
        String caption = Payloads.text(lease);
        captionOf.put(lease.frameNumber(), caption);
        if (!HoldoutRule.isHoldout(lease.frameNumber()) && trained.size() < MAX_TRAINED) {
            trained.add(caption);
        }
    }

    private void utterance(Lease lease) {
        String caption = captionOf.get(lease.frameNumber());
        if (caption != null) { // else it comes again: a world has few captions
            gallery.add(caption, Payloads.floats(lease));
            copiedBytes.add(lease.payloadBytes());
        }
    }

    private Optional<CandidateSet> setOf(long frameNumber, String caption) {
        return sets.setOf(FrameNumber.counter(frameNumber), caption);
    }

    private SpokenSet scoresOf(CandidateSet set) {
        return scores.computeIfAbsent(
                SetKey.of(set).text(), which -> new SpokenSet(node.counters(), which));
    }

    /** Looks at an utterance. */
    private void said(Lease lease) {
        String caption = captionOf.get(lease.frameNumber());
        Optional<RegionScaling> known =
                scaling.layout().find(LoopNodes.TEACHER_VOICE).flatMap(scaling::of);
        if (caption == null || known.isEmpty()) {
            return;
        }
        Optional<CandidateSet> set =
                setOf(lease.frameNumber(), caption).filter(one -> gallery.hasAll(one.captions()));
        if (set.isEmpty()) {
            return;
        }
        float[] seen = new float[MelSpectrogram.LENGTH];
        look.compute(Payloads.floats(lease), seen);
        copiedBytes.add(lease.payloadBytes());
        SpokenSet scoresOfSet = scoresOf(set.get());
        Nearness nearness = gallery.nearness(seen, known.get());
        scoresOfSet
                .by(EarKind.SPECTROGRAM)
                .add(
                        nearness.credit(caption, set.get().captions()),
                        nearness.credit(caption, gallery.captions()),
                        Double.NaN);
        float[] parrot = gallery.parrot(caption, trained, known.get());
        if (parrot != null) {
            Nearness ofParrot = gallery.nearness(parrot, known.get());
            scoresOfSet.error(
                    nearness.of(caption),
                    ofParrot.credit(caption, set.get().captions()),
                    ofParrot.of(caption));
        }
        scoresOfSet.show(hasEar());
    }

    /** Takes what an ear heard. */
    private void heard(long frameNumber, Hearing hearing, Nearness nearness) {
        String caption = captionOf.get(frameNumber);
        if (caption == null) {
            return;
        }
        Optional<CandidateSet> set =
                setOf(frameNumber, caption)
                        .filter(one -> nearness.distances().keySet().containsAll(one.captions()));
        if (set.isEmpty()) {
            return;
        }
        SpokenSet scoresOfSet = scoresOf(set.get());
        SpokenScores ofSpeech = scoresOfSet.by(EarKind.SPEECH);
        if (hearing.isNothing()) {
            ofSpeech.add(0, 0, 0);
        } else {
            ofSpeech.add(
                    nearness.credit(caption, set.get().captions()),
                    nearness.credit(caption, nearness.distances().keySet()),
                    exactly(hearing.neighbour(), -nearness.of(caption)));
        }
        scoresOfSet.show(hasEar());
    }

    /** What it earns beside its likest neighbour; NaN if that is not known. */
    private static double exactly(double neighbour, double own) {
        if (Double.isNaN(neighbour)) {
            return Double.NaN;
        }
        return own > neighbour ? 1 : own == neighbour ? .5 : 0;
    }

    /** Adds the figures as facts for the journal. */
    void describe(Map<String, Object> facts) {
        Map<String, Object> spoken = new LinkedHashMap<>();
        scores.forEach((which, of) -> spoken.put(which, of.facts(hasEar())));
        if (!spoken.isEmpty()) {
            facts.put("spoken", spoken);
        }
    }
}
