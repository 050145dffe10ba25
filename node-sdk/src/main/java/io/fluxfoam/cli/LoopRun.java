package io.fluxfoam.cli;

import io.fluxfoam.cli.StatusProbe.NodeFacts;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One run of the default loop: from the start of its nodes to their stop. For one thread, but for
 * {@link #stop}.
 */
final class LoopRun {
    private static final long TURN_NS = 20_000_000L;
    private static final long LOOK_EVERY_NS = 500_000_000L;
    private static final String PORT_COUNTER = "http.port";

    private final FoamDirectory foam;
    private final DefaultLoop loop;
    private final StatusProbe probe;
    private final Supervisor supervisor;
    private final StallWatch stalls;
    private final Consumer<String> out;
    private final Thread owner = Thread.currentThread();
    private final List<String> started = new ArrayList<>();
    private long startNs;
    private int port;
    private volatile boolean stopping;

    /**
     * A run that has not begun.
     *
     * @param out takes one line for each event
     */
    LoopRun(FoamDirectory foam, DefaultLoop loop, boolean respawn, Consumer<String> out) {
        this.foam = foam;
        this.loop = loop;
        this.probe = new StatusProbe(foam, e -> this.say("foam", Commands.reason(e)));
        this.supervisor = new Supervisor(foam, respawn, this::say);
        this.stalls = new StallWatch(this::say);
        this.out = out;
    }

    /**
     * Starts the nodes and keeps them going for this time, until {@link #stop}, or until all have
     * ended.
     */
    void run(Optional<Duration> duration, Consumer<String> pageReady) throws IOException {
        startNs = System.nanoTime();
        for (NodeLaunch launch : loop.launches()) {
            started.add(launch.node());
            supervisor.add(launch, startNs);
        }
        if (!loop.hasSpeechTeacher()) {
            say("teacher-whisper", "not started: its model is not there (see ./foam doctor)");
        }
        long endNs = duration.map(time -> startNs + time.toNanos()).orElse(Long.MAX_VALUE);
        long nextLookNs = startNs;
        for (long nowNs = startNs;
                !stopping && nowNs < endNs && supervisor.hasWork();
                nowNs = System.nanoTime()) {
            supervisor.doWork(nowNs);
            if (nowNs >= nextLookNs) {
                nextLookNs = nowNs + LOOK_EVERY_NS;
                look(pageReady);
            }
            LockSupport.parkNanos(Math.min(TURN_NS, endNs - nowNs));
        }
    }

    private void look(Consumer<String> pageReady) throws IOException {
        List<NodeFacts> facts = probe.facts();
        stalls.look(facts);
        if (port == 0) {
            port = portOf(facts);
            if (port != 0) {
                supervisor.relaunchWith(loop.coordinator(port));
                pageReady.accept("http://127.0.0.1:" + port + "/");
            }
        }
    }

    /** The port that the coordinator got; it keeps it over its restarts. */
    private static int portOf(List<NodeFacts> facts) {
        for (NodeFacts node : facts) {
            if (node.mark().name().equals(DefaultLoop.COORDINATOR)
                    && node.mark().state() == NodeState.ALIVE) {
                return node.counters()
                        .map(counters -> (int) Math.max(0, counters.number(PORT_COUNTER)))
                        .orElse(0);
            }
        }
        return 0;
    }

    /** Ends {@link #run} soon. From any thread. */
    void stop() {
        stopping = true;
        LockSupport.unpark(owner);
    }

    /** What the foam is like now. */
    FoamStatus status() throws IOException {
        return probe.status();
    }

    /**
     * Stops all nodes that were started.
     *
     * @return whether each of them ended STOPPED
     */
    boolean end(Duration timeout) throws IOException, InterruptedException {
        supervisor.stopAll(timeout.toNanos());
        boolean allStopped = true;
        for (String node : started) {
            String state =
                    Files.exists(foam.mark(node))
                            ? MarkView.read(foam, node).state().name()
                            : "not there: it never joined the foam";
            if (!state.equals(NodeState.STOPPED.name())) {
                allStopped = false;
                say(node, "is " + state);
            }
        }
        return allStopped;
    }

    private void say(String node, String event) {
        double seconds = startNs == 0 ? 0 : (System.nanoTime() - startNs) / 1e9;
        out.accept(String.format(Locale.ROOT, "%8.1f  %-16s %s", seconds, node, event));
    }
}
