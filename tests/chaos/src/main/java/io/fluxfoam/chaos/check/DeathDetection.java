package io.fluxfoam.chaos.check;

import io.fluxfoam.chaos.process.NodeTracker;
import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The peers that live when a node is killed, and which of them count that incarnation as dead. One
 * that is killed together with it is none, and one that ends itself is no longer waited for. One
 * that is STALLED lives: slow witnesses are the ones that the figure is about.
 */
public final class DeathDetection {
    private final NodeTracker nodes;
    private final CounterSpec death;
    private final long incarnation;
    private final List<MarkView> waiting = new ArrayList<>();
    private long lastSeenNs;
    private boolean isSeen;

    public DeathDetection(NodeTracker nodes, MarkView killedNode, Set<String> dying) {
        this.nodes = nodes;
        this.death = FabricCounters.PEER_DEAD_INCARNATION.of(killedNode.name());
        this.incarnation = killedNode.incarnation();
        for (MarkView peer : nodes.living()) {
            if (!dying.contains(peer.name())) {
                waiting.add(peer);
            }
        }
    }

    /** Those who have seen it are asked no more. */
    public void look(long nowNs) throws IOException {
        for (Iterator<MarkView> peers = waiting.iterator(); peers.hasNext(); ) {
            MarkView peer = peers.next();
            Optional<CountersSnapshot> counters = nodes.counters(peer);
            if (counters.isPresent() && counters.get().number(death) >= incarnation) {
                isSeen = true;
                lastSeenNs = nowNs;
                peers.remove();
            } else if (!lives(peer)) {
                peers.remove();
            }
        }
    }

    private boolean lives(MarkView peer) {
        Optional<MarkView> now = nodes.node(peer.name());
        return now.isPresent()
                && now.get().incarnation() == peer.incarnation()
                && now.get().state().isHeld();
    }

    /** Whether nobody is waited for any more. */
    public boolean isOver() {
        return waiting.isEmpty();
    }

    /** When the last of them saw it; null if nobody did, or not all have yet. */
    public Long lastSeenNs() {
        return isOver() && isSeen ? lastSeenNs : null;
    }
}
