package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.SetKey;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.tensor.FrameNumber;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Listens to what the student says aloud of held-out frames, the samples and nothing else: of all
 * utterances that the voice teacher has made, which does this look like? It knows them from the
 * teacher's own tensors, and begins to judge once it knows each of the frame's set. It reads none
 * of it while there is no voice teacher in the foam.
 */
final class SpokenReader {
    private static final int MAX_CAPTIONS = 2_048;

    private final Node node;
    private final LeaseDrain drain;
    private final ScalingReader scaling;
    private final PeerNames names;
    private final Counter copiedBytes;
    private final FrameJoin<String> captionOf = new FrameJoin<>(MAX_CAPTIONS);
    private final UtteranceGallery gallery = new UtteranceGallery();
    private final MelSpectrogram ear = new MelSpectrogram();
    private final Map<String, SpokenScores> scores = new HashMap<>();
    private Candidates sets = Candidates.NONE;
    private @Nullable Streams streams;

    /** What it reads. */
    private record Streams(
            Subscription candidates,
            Subscription captions,
            Subscription utterances,
            Subscription voice) {}

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
                            subscribe(names.student(), LoopStreams.VOICE, ReadMode.IN_ORDER));
            streams = reading;
        }
        return drain.read(reading.candidates(), this::candidates)
                + drain.read(reading.captions(), this::caption)
                + drain.read(reading.utterances(), this::utterance)
                + drain.read(reading.voice(), this::said);
    }

    private Subscription subscribe(String peer, String stream, ReadMode mode) {
        return node.subscribe(LoopStreams.of(peer, stream), mode);
    }

    private void candidates(Lease lease) {
        Candidates offered = Candidates.parse(Payloads.text(lease));
        if (!offered.equals(sets)) {
            scores.forEach((which, of) -> show(which, new SpokenScores()));
            scores.clear();
            sets = offered;
        }
    }

    private void caption(Lease lease) {
        captionOf.put(lease.frameNumber(), Payloads.text(lease));
    }

    private void utterance(Lease lease) {
        String caption = captionOf.get(lease.frameNumber());
        if (caption != null) { // else it comes again: a world has few captions
            gallery.add(caption, Payloads.floats(lease));
            copiedBytes.add(lease.payloadBytes());
        }
    }

    private void said(Lease lease) {
        String caption = captionOf.get(lease.frameNumber());
        Optional<RegionScaling> known =
                scaling.layout().find(LoopNodes.TEACHER_VOICE).flatMap(scaling::of);
        if (caption == null || known.isEmpty()) {
            return;
        }
        Optional<CandidateSet> set =
                sets.setOf(FrameNumber.counter(lease.frameNumber()), caption)
                        .filter(one -> gallery.hasAll(one.captions()));
        if (set.isEmpty()) {
            return;
        }
        float[] heard = new float[MelSpectrogram.LENGTH];
        ear.compute(Payloads.floats(lease), heard);
        copiedBytes.add(lease.payloadBytes());
        String which = SetKey.of(set.get()).text();
        SpokenScores scoresOfSet = scores.computeIfAbsent(which, one -> new SpokenScores());
        scoresOfSet.add(
                gallery.credit(heard, caption, set.get().captions(), known.get()),
                gallery.credit(heard, caption, gallery.captions(), known.get()));
        show(which, scoresOfSet);
    }

    private void show(String which, SpokenScores of) {
        node.counters().gauge(LoopCounters.HELD_OUT_SET_SPOKEN.of(which)).set(of.spoken());
        node.counters()
                .gauge(LoopCounters.HELD_OUT_SET_SPOKEN_OF_ALL.of(which))
                .set(of.spokenOfAll());
    }

    /** Adds the figures as facts for the journal. */
    void describe(Map<String, Object> facts) {
        Map<String, Object> spoken = new LinkedHashMap<>();
        scores.forEach((which, of) -> {
            spoken.put(which + ".spoken", of.spoken());
            spoken.put(which + ".spokenOfAll", of.spokenOfAll());
        });
        if (!spoken.isEmpty()) {
            facts.put("spoken", spoken);
        }
    }
}
