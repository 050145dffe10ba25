package io.fluxfoam.bridge;

import io.fluxfoam.bridge.session.SessionKeys;
import io.fluxfoam.bridge.transport.MediaEngine;
import io.fluxfoam.counters.LinkCounters.LinkState;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.SteppedNode;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One life of another box's node, in this foam: under its name, role and number where these are
 * free, with its streams and all that its manifest says. It lives, stalls and ends as its original
 * does; that the link is down is no end.
 */
final class Mirror {
    private static final long END_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long RATE_EVERY_NS = TimeUnit.SECONDS.toNanos(1);

    private final Manifest original;
    private final SteppedNode stepped;
    private final LinkFigures figures;
    private final Map<String, MirroredStream> streams = new LinkedHashMap<>();
    private NodeState state = NodeState.ALIVE;
    private Map<String, Long> awaited = Map.of();
    private long endByNs;
    private long nextRateNs;

    private Mirror(Manifest original, SteppedNode stepped, String box) {
        this.original = original;
        this.stepped = stepped;
        this.figures = new LinkFigures(stepped.node().counters(), box, original.incarnation());
    }

    /** Joins the foam. */
    static Mirror join(MirrorNames names, Manifest original, String box, RoundTrips trips)
            throws IOException {
        SteppedNode stepped = names.join(original, box);
        try {
            Mirror mirror = new Mirror(original, stepped, box);
            Node node = stepped.node();
            for (StreamCard card : original.streams()) {
                mirror.streams.put(
                        card.name(), new MirroredStream(node, card, mirror.figures, trips));
            }
            stepped.describe(original);
            node.attribute(Manifest.ORIGIN, original.node() + "@" + box);
            stepped.publish();
            return mirror;
        } catch (IOException | RuntimeException | Error e) {
            stepped.depart(true);
            stepped.close();
            throw e;
        }
    }

    /** Name here. */
    String name() {
        return stepped.node().name();
    }

    /** Number of the original's life. */
    long incarnation() {
        return original.incarnation();
    }

    /** Whether it is the mirror of a node that says this of itself. */
    boolean isOf(Manifest manifest) {
        return original.incarnation() == manifest.incarnation()
                && original.streams().equals(manifest.streams());
    }

    /** Hears the streams in a session. */
    void connect(
            MediaEngine engine,
            InetSocketAddress at,
            int session,
            Map<String, Integer> channels,
            SessionKeys keys) {
        channels.forEach((name, channel) -> {
            MirroredStream stream = streams.get(name);
            if (stream != null) {
                stream.connect(engine.subscribe(at, session, channel, keys.tensors(false), stream));
            }
        });
    }

    void disconnect() {
        streams.values().forEach(MirroredStream::disconnect);
    }

    int poll() {
        int work = 0;
        for (MirroredStream stream : streams.values()) {
            work += stream.poll();
        }
        return work;
    }

    /**
     * The original is in this state; an end comes when what it had sent is here.
     *
     * @param sent last commit of each stream that was sent
     */
    void become(NodeState newState, Map<String, Long> sent, long nowNs) {
        state = newState;
        awaited = sent;
        endByNs = nowNs + END_NS;
    }

    /** One turn of the heart; false if the mirror has ended. */
    boolean turn(long nowNs, LinkState link, RoundTrips trips, double lossRatio)
            throws IOException {
        if (!state.isHeld() && (hasAll() || nowNs - endByNs >= 0)) {
            end(state == NodeState.STOPPED);
            return false;
        }
        if (state == NodeState.STALLED) {
            stepped.turnStill(nowNs);
        } else {
            stepped.turn(nowNs);
        }
        figures.show(link, trips, lossRatio);
        if (nowNs - nextRateNs >= 0) {
            nextRateNs = nowNs + RATE_EVERY_NS;
            long bytes = 0;
            for (MirroredStream stream : streams.values()) {
                bytes += stream.receivedBytes();
            }
            figures.showRate(nowNs, bytes);
        }
        return true;
    }

    private boolean hasAll() {
        for (Map.Entry<String, Long> last : awaited.entrySet()) {
            MirroredStream stream = streams.get(last.getKey());
            if (stream != null && !stream.hasAll(last.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is on its way to its end. */
    boolean isEnding() {
        return !state.isHeld();
    }

    void end(boolean cleanly) throws IOException {
        disconnect();
        stepped.depart(cleanly);
        stepped.close();
    }
}
