package io.fluxfoam.cli.tape;

import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.tape.TapeWriter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A peer as it is recorded: it joins, all that it commits comes after that, and when it has ended
 * and all that it left is recorded, it has ended on the tape too.
 */
final class RecordedNode {
    private final String name;
    private final Node recorder;
    private final TapeWriter tape;
    private final List<RecordedStream> streams = new ArrayList<>();

    /** Those that have not joined on the tape yet, by their incarnation. */
    private final TreeMap<Long, Manifest> coming = new TreeMap<>();

    private PeerView seen;

    RecordedNode(String name, Node recorder, TapeWriter tape) {
        this.name = name;
        this.recorder = recorder;
        this.tape = tape;
    }

    void add(RecordedStream stream) {
        streams.add(stream);
    }

    boolean records(String stream) {
        return streams.stream().anyMatch(one -> one.name().equals(stream));
    }

    /** What the recorder sees of it now. */
    void see(PeerView peer) {
        seen = peer;
        peer.manifest()
                .filter(manifest -> manifest.incarnation() > tape.state().incarnation(name))
                .ifPresent(manifest -> coming.put(manifest.incarnation(), manifest));
    }

    /** Writes what is due, after all streams have been looked at; false if the limit is reached. */
    boolean advance() throws IOException {
        long onTape = tape.state().living(name).map(Manifest::incarnation).orElse(0L);
        if (onTape != 0 && hasEnded(onTape)) {
            boolean isRead = streams.stream().allMatch(stream -> stream.isReadToItsEnd(onTape));
            return !isRead || end(onTape);
        }
        return onTape != 0 || coming.isEmpty() || join(coming.firstKey());
    }

    /**
     * Makes sure that this incarnation, of which there is a tensor, has joined; what came before it
     * has been read by then. False if the limit is reached or it is not known.
     */
    boolean require(long incarnation) throws IOException {
        long onTape = tape.state().living(name).map(Manifest::incarnation).orElse(0L);
        if (onTape == incarnation) {
            return true;
        }
        recorder.peer(name).ifPresent(this::see);
        return coming.containsKey(incarnation) && (onTape == 0 || end(onTape)) && join(incarnation);
    }

    private boolean hasEnded(long incarnation) {
        return seen != null
                && (seen.incarnation() > incarnation
                        || seen.incarnation() == incarnation && !seen.state().isHeld());
    }

    private boolean end(long incarnation) throws IOException {
        return tape.ended(name, incarnation, isClean(incarnation));
    }

    private boolean isClean(long incarnation) {
        if (seen != null && seen.incarnation() == incarnation) {
            return seen.state() == NodeState.STOPPED;
        }
        return recorder.counters().counter(FabricCounters.PEER_DEAD_INCARNATION.of(name)).get()
                < incarnation;
    }

    private boolean join(long incarnation) throws IOException {
        Manifest manifest = coming.get(incarnation);
        if (!tape.joined(manifest)) {
            return false;
        }
        coming.headMap(incarnation, true).clear();
        return true;
    }
}
