package io.fluxfoam.cli.tape;

import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tape.TapeEntry.Tensor;
import io.fluxfoam.tensor.Shape;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A recorded stream that is published again, and how far its readers are. One lane does not tell
 * whether its owner reads in order, so none is outrun.
 */
final class PlayedStream {
    private final String target;
    private final StreamCard card;
    private final StreamWriter writer;

    /** Most commits that a lane may be behind, so that what it has not read has a slot. */
    private final long mostBehind;

    /** Who reads, and from where on: it begins with the newest commit of that time. */
    private final Map<Long, Long> floors = new HashMap<>();

    private final Set<Long> expected = new HashSet<>();

    PlayedStream(Node node, StreamCard card) throws IOException {
        this.target = node.name() + "/" + card.name();
        this.card = card;
        StreamSpec spec = card.spec();
        this.writer = node.publish(spec);
        this.mostBehind = spec.slots() - spec.maxReaders() - 1L;
    }

    String target() {
        return target;
    }

    /**
     * Publishes a tensor with its own frame number, time, tag and shape.
     *
     * @throws IllegalArgumentException if it is none of this stream's
     */
    void commit(Tensor tensor) {
        if (tensor.payload().byteSize() != Shape.bytes(card.dtype(), tensor.shape())) {
            throw new IllegalArgumentException(
                    "payloadBytes=" + tensor.payload().byteSize() + " stream=" + target);
        }
        try (Claim claim = writer.claim()) {
            claim.shape(tensor.shape()).tag(tensor.tag());
            claim.payload().asSlice(0, tensor.payload().byteSize()).copyFrom(tensor.payload());
            claim.commit(tensor.frameNumber(), tensor.captureNs());
        }
    }

    /** Expects these readers, which have read the stream's life before this one. */
    void expect(Collection<Long> owners) {
        expected.addAll(owners);
    }

    /** Who reads now. */
    Set<Long> readers() {
        Set<Long> owners = new HashSet<>();
        writer.visitLanes((lane, owner, sequence) -> owners.add(owner));
        return owners;
    }

    /**
     * The reader that the next commit would outrun, or that is to come before it; empty if there is
     * none.
     *
     * @param mostUnread commits that a reader may not have read yet; as many as have slots if less
     */
    Optional<Long> outrun(long mostUnread, Collection<PeerView> peers, Set<String> awaited) {
        long most = Math.min(mostBehind - 1, mostUnread);
        long newest = writer.sequence();
        Set<Long> owners = new HashSet<>();
        long[] slowest = new long[1];
        writer.visitLanes((lane, owner, sequence) -> {
            owners.add(owner);
            long floor = floors.computeIfAbsent(owner, key -> Math.max(0, newest - 1));
            if (newest - Math.max(floor, sequence) > most) {
                slowest[0] = owner;
            }
        });
        floors.keySet().retainAll(owners);
        return slowest[0] != 0 ? Optional.of(slowest[0]) : missing(peers, awaited);
    }

    /**
     * Before the first commit: a living reader of its life before that does not read it yet, or one
     * that says that it will.
     */
    Optional<Long> missing(Collection<PeerView> peers, Set<String> awaited) {
        if (writer.sequence() > 0) {
            return Optional.empty();
        }
        Set<Long> owners = readers();
        for (PeerView peer : peers) {
            long owner = OwnerKey.of(peer.name(), peer.incarnation());
            boolean isWanted =
                    expected.contains(owner)
                            || peer.manifest().filter(m -> reads(m, awaited)).isPresent();
            if (isWanted && peer.state().isHeld() && !owners.contains(owner)) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    /** Whether it says that it reads this; "all of that name" counts for those that are awaited. */
    private boolean reads(Manifest manifest, Set<String> awaited) {
        String all = "*/" + card.name();
        return manifest.reads().contains(target)
                || awaited.contains(manifest.node()) && manifest.reads().contains(all);
    }
}
