package io.fluxfoam.bridge;

import io.fluxfoam.bridge.session.ControlMessage;
import io.fluxfoam.bridge.transport.ChunkSender;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.node.PeerView;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A node as one peer is told of it: it has joined, its tensors come after that, and its end after
 * all that it had left has been sent, or could not be for seconds.
 */
final class ExportedNode {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(5);

    private final String name;
    private final ExportSession session;
    private final Map<String, ExportedStream> streams = new LinkedHashMap<>();
    private long life;
    private NodeState told;
    private long endSeenNs;

    ExportedNode(String name, ExportSession session) {
        this.name = name;
        this.session = session;
    }

    /** Tells the peer what has become of the node. */
    void see(PeerView peer, long nowNs) {
        if (life != 0 && hasEnded(peer)) {
            endSeenNs = endSeenNs == 0 ? nowNs : endSeenNs;
            if (isDrained() || nowNs - endSeenNs > DRAIN_NS) {
                end(stateOfEnded(peer));
            }
        }
        if (life == 0) {
            peer.manifest().filter(manifest -> peer.state().isHeld()).ifPresent(this::join);
        }
        if (life == peer.incarnation() && peer.state().isHeld() && peer.state() != told) {
            told = peer.state();
            session.tell(new ControlMessage.State(name, life, told, Map.of()));
        }
    }

    private boolean hasEnded(PeerView peer) {
        return peer.incarnation() > life || !peer.state().isHeld();
    }

    /** Of a life that was replaced before it was seen to end nobody knows how it ended. */
    private NodeState stateOfEnded(PeerView peer) {
        return peer.incarnation() == life && peer.state() == NodeState.STOPPED
                ? NodeState.STOPPED
                : NodeState.DEAD;
    }

    private boolean isDrained() {
        boolean isDrained = true;
        for (ExportedStream stream : streams.values()) {
            isDrained &= stream.isDrained();
        }
        return isDrained;
    }

    private void join(Manifest manifest) {
        List<StreamCard> cards = new ArrayList<>();
        Map<String, Integer> channels = new LinkedHashMap<>();
        for (StreamCard card : manifest.streams()) {
            if (session.isWanted(name + "/" + card.name()) && isPossible(card)) {
                cards.add(card);
                channels.put(card.name(), session.nextChannel());
            }
        }
        if (cards.isEmpty()) {
            return;
        }
        life = manifest.incarnation();
        told = NodeState.ALIVE;
        endSeenNs = 0;
        for (StreamCard card : cards) {
            ChunkSender sender = session.publish(channels.get(card.name()), card.slotBytes());
            streams.computeIfAbsent(card.name(), stream -> session.read(name, stream))
                    .begin(life, sender);
        }
        session.tell(new ControlMessage.Joined(with(manifest, cards), channels));
    }

    /** A buffer of Java has room for less than 2 GiB. */
    private static boolean isPossible(StreamCard card) {
        return card.slotBytes() <= Integer.MAX_VALUE;
    }

    private static Manifest with(Manifest manifest, List<StreamCard> cards) {
        return new Manifest(
                manifest.node(),
                manifest.role(),
                manifest.incarnation(),
                manifest.pid(),
                manifest.startedMillis(),
                manifest.device(),
                cards,
                manifest.attributes());
    }

    private void end(NodeState state) {
        Map<String, Long> sent = new LinkedHashMap<>();
        streams.values()
                .forEach(stream -> {
                    sent.put(stream.name(), stream.lastSent());
                    stream.end();
                });
        session.tell(new ControlMessage.State(name, life, state, sent));
        life = 0;
    }

    int turn(long nowNs) {
        int work = 0;
        for (ExportedStream stream : streams.values()) {
            work += stream.turn(nowNs);
        }
        return work;
    }

    void close() {
        streams.values().forEach(ExportedStream::close);
        streams.clear();
    }
}
