package io.fluxfoam.bridge;

import io.fluxfoam.bridge.session.ControlChannel;
import io.fluxfoam.bridge.session.ControlMessage;
import io.fluxfoam.bridge.session.Door;
import io.fluxfoam.bridge.session.SessionKeys;
import io.fluxfoam.bridge.transport.MediaEngine;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The bridge. Its duty cycle exports: it sleeps on the doorbells of what it sends. Each peer that
 * it imports from has a thread of its own, which owns the mirrors.
 */
final class BridgeNode implements NodeAgent {
    private static final int MAX_SESSIONS = 64;
    private static final long FIGURES_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What a refusal is said of at most. */
    private static final int MAX_SAID = 20;

    private final BridgeSettings settings;
    private final Consumer<String> out;
    private final Queue<ControlChannel> callers = new ConcurrentLinkedQueue<>();
    private final List<ExportSession> sessions = new ArrayList<>();
    private final List<ImportLink> links = new ArrayList<>();
    private Node node;
    private ExportFigures figures;
    private MediaEngine engine;
    private Door door;
    private long nextFiguresNs;
    private int said;

    BridgeNode(BridgeSettings settings, Consumer<String> out) {
        this.settings = settings;
        this.out = out;
    }

    /** Beside all else: a link that is slow at first is better than one that comes later. */
    @Override
    public void onPrepare() {
        if (settings.key().isThere()) {
            Thread.ofPlatform().daemon().name("foam-bridge-warm").start(SessionKeys::warmUp);
        }
    }

    @Override
    public void onStart(Node newNode) throws IOException {
        node = newNode;
        node.attribute("box", settings.box());
        figures = ExportFigures.in(node.counters());
    }

    @Override
    public void onLoad() throws IOException {
        engine =
                MediaEngine.launch(
                        node.file("aeron"), settings.mtuBytes(), settings.isEager(), node::error);
        if (!settings.exports().isEmpty()) {
            door = Door.open(settings.listen(), settings.key(), this::admit, this::turnedAway);
        }
        if (!settings.imports().isEmpty()) {
            for (InetSocketAddress peer : settings.peers()) {
                links.add(new ImportLink(peer, settings, engine, node, out));
            }
        }
        links.forEach(ImportLink::start);
    }

    private void admit(ControlChannel caller) {
        callers.add(caller);
        node.wake();
    }

    private synchronized void turnedAway(String reason) {
        figures.refused().increment();
        if (said < MAX_SAID) {
            said++;
            out.accept(node.name() + ": turned a caller away: " + reason);
        }
    }

    @Override
    public int doWork() throws Exception {
        for (ImportLink link : links) {
            link.requireHealthy();
        }
        long nowNs = System.nanoTime();
        int work = 0;
        for (ControlChannel caller = callers.poll(); caller != null; caller = callers.poll()) {
            work++;
            begin(caller);
        }
        for (Iterator<ExportSession> all = sessions.iterator(); all.hasNext(); ) {
            ExportSession session = all.next();
            if (session.hasEnded(nowNs)) {
                session.close();
                all.remove();
                figures.sessions().set(sessions.size());
                work++;
            } else {
                work += session.turn(nowNs);
            }
        }
        if (nowNs - nextFiguresNs >= 0) {
            nextFiguresNs = nowNs + FIGURES_EVERY_NS;
            figures.retransmitted().set(engine.resentBytes());
        }
        return work;
    }

    private void begin(ControlChannel caller) {
        ExportSession session = new ExportSession(caller, settings, engine, node, figures);
        session.start();
        if (sessions.size() >= MAX_SESSIONS) {
            turnedAway("too many sessions: most=" + MAX_SESSIONS);
            session.tell(new ControlMessage.Refusal("too many sessions"));
            session.close();
            return;
        }
        sessions.add(session);
        figures.sessions().set(sessions.size());
    }

    @Override
    public void onStop() throws IOException {
        if (door != null) {
            door.close();
        }
        sessions.forEach(ExportSession::close);
        links.forEach(ImportLink::close);
        engine.close();
    }
}
