package io.fluxfoam.chaos;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.MarkView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The peers that live when a node is killed, and which of them count that incarnation as dead. One that is killed together with
 * it is none, and one that ends itself is no longer waited for. One that is STALLED lives: slow witnesses are the ones that the
 * figure is about.
 */
final class Witnesses {
    private final Herd herd;
    private final String label;
    private final long incarnation;
    private final List<MarkView> waiting = new ArrayList<>();
    private long lastSeenNs;
    private boolean isSeen;

    Witnesses(Herd herd, MarkView victim, Set<String> dying) {
        this.herd = herd;
        this.label = "peer." + victim.name() + ".deadIncarnation";
        this.incarnation = victim.incarnation();
        for (MarkView peer : herd.living()) {
            if (!dying.contains(peer.name())) {
                waiting.add(peer);
            }
        }
    }

    /** Those who have seen it are asked no more. */
    void look(long nowNs) throws IOException {
        for (Iterator<MarkView> peers = waiting.iterator(); peers.hasNext(); ) {
            MarkView peer = peers.next();
            Optional<CountersSnapshot> counters = herd.counters(peer);
            if (counters.isPresent() && counters.get().number(label) >= incarnation) {
                isSeen = true;
                lastSeenNs = nowNs;
                peers.remove();
            } else if (!lives(peer)) {
                peers.remove();
            }
        }
    }

    private boolean lives(MarkView peer) {
        Optional<MarkView> now = herd.node(peer.name());
        return now.isPresent()
                && now.get().incarnation() == peer.incarnation()
                && now.get().state().isHeld();
    }

    /** Whether nobody is waited for any more. */
    boolean isOver() {
        return waiting.isEmpty();
    }

    /** When the last of them saw it; null if nobody did, or not all have yet. */
    Long lastSeenNs() {
        return isOver() && isSeen ? lastSeenNs : null;
    }
}
