package io.fluxfoam.cli.tape;

import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.manifest.StreamFilter;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.SteppedNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A recorded incarnation that has joined again, under its name and number, with all that its
 * manifest said of it. Only what every process has of its own is not the recorded one's: process
 * id, time of its start, device, which is the host.
 */
final class PlayedNode {
    private final Manifest recorded;
    private final SteppedNode stepped;
    private final Map<String, PlayedStream> streams = new LinkedHashMap<>();

    private PlayedNode(Manifest recorded, SteppedNode stepped) {
        this.recorded = recorded;
        this.stepped = stepped;
    }

    /**
     * Joins.
     *
     * @param isAgain whether this foam has had it before, and it may have another number
     * @throws io.fluxfoam.liveness.NameTakenException if a living process has the name
     * @throws IOException if this foam has had a later incarnation of the name
     */
    static PlayedNode join(Path foam, Manifest recorded, StreamFilter wanted, boolean isAgain)
            throws IOException {
        SteppedNode stepped =
                SteppedNode.join(
                        new NodeContext()
                                .foam(foam)
                                .name(recorded.node())
                                .role(recorded.role())
                                .leastIncarnation(recorded.incarnation()));
        PlayedNode played = new PlayedNode(recorded, stepped);
        try {
            played.declare(wanted, isAgain);
            return played;
        } catch (IOException | RuntimeException | Error e) {
            stepped.depart(true);
            stepped.close();
            throw e;
        }
    }

    private void declare(StreamFilter wanted, boolean isAgain) throws IOException {
        Node node = stepped.node();
        if (node.incarnation() != recorded.incarnation() && !isAgain) {
            throw new IOException(
                    "this foam has had a later life of a recorded node: node="
                            + node.name()
                            + " recorded="
                            + recorded.incarnation()
                            + " next="
                            + node.incarnation()
                            + " foam="
                            + node.foam());
        }
        for (StreamCard card : recorded.streams()) {
            if (wanted.matches(node.name() + "/" + card.name())) {
                streams.put(card.name(), new PlayedStream(node, card));
            }
        }
        stepped.describe(recorded);
        stepped.publish();
    }

    /** The stream of this name; null if it is not played. */
    PlayedStream stream(String name) {
        return streams.get(name);
    }

    Collection<PlayedStream> streams() {
        return streams.values();
    }

    String name() {
        return recorded.node();
    }

    long incarnation() {
        return recorded.incarnation();
    }

    void turn(long nowNs) throws IOException {
        stepped.turn(nowNs);
    }

    /** Ends as the recorded one did. */
    void depart(boolean cleanly) throws IOException {
        stepped.depart(cleanly);
    }

    /** Lets go of what it published, after it has departed. */
    void close() {
        stepped.close();
    }
}
