package io.fluxfoam.evaluator;

import io.fluxfoam.distill.Hearing;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an ear makes of the student's utterances: its hearings, joined with the captions that they
 * are about.
 */
final class HeardReader {
    private final LeaseDrain drain;
    private final Subscription repertoires;
    private final Subscription hearings;
    private final Listener listener;
    private List<String> captions = List.of();
    private long edition;
    private long incarnation;

    /** Told of each hearing. */
    @FunctionalInterface
    interface Listener {
        /**
         * Takes one.
         *
         * @param nearness to each caption that the ear knew then
         */
        void heard(long frameNumber, Hearing hearing, Nearness nearness);
    }

    HeardReader(Node node, LeaseDrain drain, Listener listener) {
        this.drain = drain;
        this.listener = listener;
        repertoires =
                node.subscribe(
                        LoopStreams.of(LoopNodes.EAR, LoopStreams.REPERTOIRE), ReadMode.LATEST);
        hearings =
                node.subscribe(LoopStreams.of(LoopNodes.EAR, LoopStreams.HEARD), ReadMode.IN_ORDER);
    }

    int turn() {
        return drain.read(repertoires, this::repertoire) + drain.read(hearings, this::hearing);
    }

    private void repertoire(Lease lease) {
        captions = Payloads.text(lease).lines().toList();
        edition = lease.tag();
        incarnation = lease.incarnation();
    }

    /** An edition only grows, so a newer text tells all about an older hearing. */
    private void hearing(Lease lease) {
        Hearing hearing = Hearing.of(Payloads.floats(lease));
        if (!fits(lease, hearing)) {
            drain.read(repertoires, this::repertoire);
        }
        if (!fits(lease, hearing)) {
            return;
        }
        Map<String, Double> distances = new LinkedHashMap<>();
        for (int i = 0; i < hearing.likeness().length; i++) {
            distances.put(captions.get(i), (double) -hearing.likeness()[i]);
        }
        listener.heard(lease.frameNumber(), hearing, new Nearness(distances));
    }

    private boolean fits(Lease lease, Hearing hearing) {
        return lease.incarnation() == incarnation
                && lease.tag() == edition
                && hearing.likeness().length <= captions.size();
    }
}
