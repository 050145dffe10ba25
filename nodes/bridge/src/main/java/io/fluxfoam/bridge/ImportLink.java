package io.fluxfoam.bridge;

import io.fluxfoam.bridge.session.ControlChannel;
import io.fluxfoam.bridge.session.ControlMessage;
import io.fluxfoam.bridge.session.RefusedException;
import io.fluxfoam.bridge.transport.MediaEngine;
import io.fluxfoam.counters.LinkCounters.LinkState;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.manifest.StreamFilter;
import io.fluxfoam.node.Node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The link to one peer that is imported from, on a thread of its own, which owns the mirrors: it
 * calls again and again, hears the tensors, and turns the mirrors' hearts. {@code DOWN -> UP ->
 * DOWN}, or REFUSED until the other side has another mind.
 */
final class ImportLink {
    /** To call who is not there costs next to nothing, and who comes back is not waited for. */
    private static final long CALL_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Who has refused us is not asked so often. */
    private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

    private static final long PING_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long TURN_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SPINS = 20;
    private static final int EAGER_SPINS = 2_000;
    private static final long SHORT_PARK_NS = 20_000;
    private static final long LONG_PARK_NS = 500_000;
    private static final int IDLE_TURNS = 2_000;
    private static final long STOP_MS = 5_000;

    private final InetSocketAddress peer;
    private final BridgeSettings settings;
    private final MediaEngine engine;
    private final Node node;
    private final Consumer<String> out;
    private final Thread thread;
    private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
    private final RoundTrips trips = new RoundTrips();
    private final Map<String, Mirror> mirrors = new LinkedHashMap<>();

    /** Lives that begin when the ones before them have ended here. */
    private final Map<String, ControlMessage.Joined> next = new HashMap<>();

    private final StreamFilter imports;
    private MirrorNames names;
    private LinkState state = LinkState.DOWN;
    private String lastSaid = "";
    private ControlChannel channel;
    private boolean isCalling;
    private String box = "";
    private int session;
    private double lossRatio = Double.NaN;
    private long heardNs;
    private long nextCallNs;
    private long nextPingNs;
    private long nextTurnNs;
    private long nextRetryNs;
    private int idleTurns;
    private volatile boolean stopping;
    private volatile Exception failure;

    ImportLink(
            InetSocketAddress peer,
            BridgeSettings settings,
            MediaEngine engine,
            Node node,
            Consumer<String> out) {
        this.peer = peer;
        this.settings = settings;
        this.engine = engine;
        this.node = node;
        this.out = out;
        this.imports = new StreamFilter(settings.imports());
        this.thread = new Thread(this::run, "foam-bridge-" + peer.getPort());
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Throws what the link's thread ended with. */
    void requireHealthy() throws Exception {
        if (failure != null) {
            throw failure;
        }
    }

    private void run() {
        try {
            names = new MirrorNames(node.foam());
            while (!stopping) {
                turn(System.nanoTime());
            }
            hangUp();
            for (Mirror mirror : mirrors.values()) {
                mirror.end(true);
            }
        } catch (Exception e) {
            failure = e;
            node.wake();
        }
    }

    private void turn(long nowNs) throws IOException {
        int work = 0;
        for (Runnable event = events.poll(); event != null; event = events.poll()) {
            event.run();
            work++;
        }
        for (Mirror mirror : mirrors.values()) {
            work += mirror.poll();
        }
        if (nowNs - nextTurnNs >= 0) {
            nextTurnNs = nowNs + TURN_EVERY_NS;
            keepLink(nowNs);
            turnMirrors(nowNs);
        }
        idle(work);
    }

    private void idle(int work) {
        idleTurns = work > 0 ? 0 : idleTurns + 1;
        if (work > 0 || idleTurns < (settings.isEager() ? EAGER_SPINS : SPINS)) {
            Thread.onSpinWait();
        } else {
            boolean isShort = settings.isEager() || idleTurns < IDLE_TURNS;
            LockSupport.parkNanos(isShort ? SHORT_PARK_NS : LONG_PARK_NS);
        }
    }

    private void keepLink(long nowNs) {
        if (channel == null) {
            if (!isCalling && nowNs - nextCallNs >= 0) {
                isCalling = true;
                Thread.ofVirtual().name("foam-bridge-call").start(this::call);
            }
            return;
        }
        if (nowNs - heardNs > SILENCE_NS) {
            lost(channel, "nothing was heard for seconds");
        } else if (nowNs - nextPingNs >= 0) {
            nextPingNs = nowNs + PING_EVERY_NS;
            channel.send(new ControlMessage.Ping(System.nanoTime()));
        }
    }

    private void call() {
        try {
            ControlChannel opened = ControlChannel.call(peer, settings.key());
            events.add(() -> opened(opened));
        } catch (IOException | RuntimeException e) {
            events.add(() -> failed(e));
        }
        LockSupport.unpark(thread);
    }

    private void failed(Exception reason) {
        isCalling = false;
        boolean isRefused = reason instanceof RefusedException;
        nextCallNs = System.nanoTime() + (isRefused ? ASK_AGAIN_NS : CALL_EVERY_NS);
        become(isRefused ? LinkState.REFUSED : LinkState.DOWN, String.valueOf(reason.getMessage()));
    }

    private void opened(ControlChannel opened) {
        isCalling = false;
        channel = opened;
        heardNs = System.nanoTime();
        nextPingNs = heardNs;
        trips.clear();
        lossRatio = Double.NaN;
        opened.start(
                new ControlChannel.Listener() {
                    @Override
                    public void onMessage(ControlMessage message) {
                        long nowNs = System.nanoTime();
                        events.add(() -> heard(opened, message, nowNs));
                        LockSupport.unpark(thread);
                    }

                    @Override
                    public void onEnd(String reason) {
                        events.add(() -> lost(opened, reason));
                        LockSupport.unpark(thread);
                    }
                });
        Map<String, Long> known = new LinkedHashMap<>();
        mirrors.forEach((name, mirror) -> known.put(name, mirror.incarnation()));
        opened.send(
                new ControlMessage.Want(
                        settings.box(),
                        settings.listen().getPort(),
                        settings.imports(),
                        settings.newest(),
                        known));
    }

    private void heard(ControlChannel from, ControlMessage message, long atNs) {
        if (from != channel) {
            return;
        }
        heardNs = atNs;
        try {
            switch (message) {
                case ControlMessage.Welcome welcome -> welcome(welcome);
                case ControlMessage.Joined joined -> joined(joined);
                case ControlMessage.State told -> told(told, atNs);
                case ControlMessage.Pong pong -> {
                    trips.add(pong.callerNs(), pong.hostNs(), atNs);
                    lossRatio = pong.lossRatio();
                }
                case ControlMessage.Refusal refusal -> {
                    lost(from, refusal.reason());
                    become(LinkState.REFUSED, refusal.reason());
                }
                case ControlMessage.Want _, ControlMessage.Ping _ ->
                        lost(from, "unexpected: " + message);
            }
        } catch (IOException | IllegalArgumentException e) {
            node.error(e);
        }
    }

    private void welcome(ControlMessage.Welcome welcome) {
        box = welcome.box();
        session = welcome.session();
        become(LinkState.UP, "box=" + box);
    }

    /** One that cannot join, as on a full device, is tried again; the others do not wait for it. */
    private void joined(ControlMessage.Joined joined) throws IOException {
        String name = joined.manifest().node();
        for (StreamCard card : joined.manifest().streams()) {
            if (!imports.matches(name + "/" + card.name())) {
                throw new IOException("nobody asked for it: " + name + "/" + card.name());
            }
        }
        next.put(name, joined);
        Mirror before = mirrors.get(name);
        if (before == null || !before.isEnding()) {
            mirror(joined, before);
            next.remove(name);
        }
    }

    private void mirror(ControlMessage.Joined joined, Mirror before) throws IOException {
        String name = joined.manifest().node();
        boolean isSame = before != null && before.isOf(joined.manifest());
        if (before != null && !isSame) {
            mirrors.remove(name);
            before.end(false);
        }
        Mirror mirror = isSame ? before : Mirror.join(names, joined.manifest(), box, trips);
        mirrors.put(name, mirror);
        mirror.connect(engine, settings.listen(), session, joined.channels(), channel.keys());
    }

    private void told(ControlMessage.State told, long nowNs) {
        Mirror mirror = mirrors.get(told.node());
        if (mirror != null && mirror.incarnation() == told.incarnation()) {
            mirror.become(told.state(), told.sent(), nowNs);
        } else if (told.state() == NodeState.DEAD || told.state() == NodeState.STOPPED) {
            ControlMessage.Joined waiting = next.get(told.node());
            if (waiting != null && waiting.manifest().incarnation() == told.incarnation()) {
                next.remove(told.node());
            }
        }
    }

    private void turnMirrors(long nowNs) throws IOException {
        for (Iterator<Mirror> all = mirrors.values().iterator(); all.hasNext(); ) {
            if (!all.next().turn(nowNs, state, trips, lossRatio)) {
                all.remove();
                nextRetryNs = nowNs;
            }
        }
        if (!next.isEmpty() && nowNs - nextRetryNs >= 0) {
            nextRetryNs = nowNs + RETRY_NS;
            for (ControlMessage.Joined waiting : List.copyOf(next.values())) {
                heard(channel, waiting, heardNs);
            }
        }
    }

    /** The mirrors stay: what has become of their originals nobody knows. */
    private void lost(ControlChannel from, String reason) {
        if (from != channel || from == null) {
            return;
        }
        hangUp();
        nextCallNs = System.nanoTime() + CALL_EVERY_NS;
        become(LinkState.DOWN, reason);
    }

    private void hangUp() {
        next.clear();
        mirrors.values().forEach(Mirror::disconnect);
        if (channel != null) {
            ControlChannel ended = channel;
            channel = null;
            ended.close();
        }
    }

    private void become(LinkState newState, String why) {
        state = newState;
        if (newState != LinkState.UP) {
            lossRatio = Double.NaN;
        }
        String line = "link to " + peer + " is " + newState + ": " + why;
        if (!line.equals(lastSaid)) {
            lastSaid = line;
            out.accept(node.name() + ": " + line);
        }
    }

    void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
