package io.fluxfoam.bridge;

import io.fluxfoam.bridge.session.ControlChannel;
import io.fluxfoam.bridge.session.ControlMessage;
import io.fluxfoam.bridge.transport.ChunkSender;
import io.fluxfoam.bridge.transport.MediaEngine;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.StreamFilter;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.PeerView;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A peer that imports from here. Its messages come on a thread of the channel's own; all else is
 * the duty cycle's.
 */
final class ExportSession implements ControlChannel.Listener {
    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int MAX_STARS = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ControlChannel channel;
    private final BridgeSettings settings;
    private final MediaEngine engine;
    private final Node node;
    private final ExportFigures figures;
    private final int session = RANDOM.nextInt();
    private final Map<String, ExportedNode> nodes = new TreeMap<>();
    private volatile Wish want;
    private volatile boolean hasEnded;
    private volatile long heardNs = System.nanoTime();
    private final StreamFilter exported;
    private long nextLookNs;
    private int channels;

    ExportSession(
            ControlChannel channel,
            BridgeSettings settings,
            MediaEngine engine,
            Node node,
            ExportFigures figures) {
        this.channel = channel;
        this.settings = settings;
        this.engine = engine;
        this.node = node;
        this.figures = figures;
        this.exported = new StreamFilter(settings.exports());
    }

    /** What the peer asks for, read with suspicion: it is no more than a text from afar. */
    private record Wish(
            StreamFilter wanted, StreamFilter newest, int port, Map<String, Long> known) {
        static Wish of(ControlMessage.Want want) {
            if (want.wanted().isEmpty()) {
                throw new IllegalArgumentException("nothing is wanted");
            }
            return new Wish(filter(want.wanted()), newest(want), want.port(), want.known());
        }

        /** Without any of which only the newest counts, a pattern that no stream has. */
        private static StreamFilter newest(ControlMessage.Want want) {
            return filter(want.newest().isEmpty() ? List.of("-/-") : want.newest());
        }

        /** Of many stars a pattern would take for ever to look for. */
        private static StreamFilter filter(List<String> names) {
            for (String name : names) {
                if (name.chars().filter(letter -> letter == '*').count() > MAX_STARS) {
                    throw new IllegalArgumentException("too many stars: most=" + MAX_STARS);
                }
            }
            return new StreamFilter(names);
        }
    }

    void start() {
        channel.start(this);
        channel.send(new ControlMessage.Welcome(settings.box(), session));
    }

    @Override
    public void onMessage(ControlMessage message) {
        heardNs = System.nanoTime();
        switch (message) {
            case ControlMessage.Ping ping ->
                    channel.send(
                            new ControlMessage.Pong(
                                    ping.callerNs(), heardNs, engine.lossRatio(heardNs)));
            case ControlMessage.Want first when want == null -> {
                want = Wish.of(first);
                node.wake();
            }
            default -> throw new IllegalArgumentException("unexpected: " + message);
        }
    }

    @Override
    public void onEnd(String reason) {
        hasEnded = true;
        node.wake();
    }

    /** Whether the peer has gone; what it read is to be closed then. */
    boolean hasEnded(long nowNs) {
        return hasEnded || nowNs - heardNs > SILENCE_NS;
    }

    int turn(long nowNs) {
        if (want == null) {
            return 0;
        }
        if (nowNs - nextLookNs >= 0) {
            if (nextLookNs == 0) {
                want.known().forEach(this::tellIfEnded);
            }
            nextLookNs = nowNs + LOOK_EVERY_NS;
            for (PeerView peer : node.peers()) {
                see(peer, nowNs);
            }
        }
        int work = 0;
        for (ExportedNode exportedNode : nodes.values()) {
            work += exportedNode.turn(nowNs);
        }
        return work;
    }

    /** What the peer mirrors since an earlier session may have ended since. */
    private void tellIfEnded(String name, long incarnation) {
        PeerView peer = node.peer(name).orElse(null);
        boolean isSame = peer != null && peer.incarnation() == incarnation;
        if (!isSame || !peer.state().isHeld()) {
            boolean isStopped = isSame && peer.state() == NodeState.STOPPED;
            NodeState state = isStopped ? NodeState.STOPPED : NodeState.DEAD;
            tell(new ControlMessage.State(name, incarnation, state, Map.of()));
        }
    }

    /** A mirror is none of our own, and is not passed on: boxes in a circle would never end. */
    private void see(PeerView peer, long nowNs) {
        boolean isMirror = peer.manifest().flatMap(manifest -> manifest.origin()).isPresent();
        if (!isMirror) {
            nodes.computeIfAbsent(peer.name(), name -> new ExportedNode(name, this))
                    .see(peer, nowNs);
        }
    }

    boolean isWanted(String target) {
        return exported.matches(target) && want.wanted().matches(target);
    }

    int nextChannel() {
        return ++channels;
    }

    ChunkSender publish(int number, long slotBytes) {
        InetSocketAddress peer = new InetSocketAddress(channel.peer(), want.port());
        return engine.publish(peer, session, number, slotBytes, channel.keys().tensors(true));
    }

    ExportedStream read(String peer, String stream) {
        boolean isNewest = want.newest().matches(peer + "/" + stream);
        return new ExportedStream(node, peer, stream, isNewest, figures);
    }

    void tell(ControlMessage message) {
        channel.send(message);
    }

    void close() {
        channel.close();
        nodes.values().forEach(ExportedNode::close);
        nodes.clear();
    }
}
