package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.CoordinatorCounters;
import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.launch.Commands;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * One run of the default loop: from the start of its nodes to their stop. For one thread, but for
 * {@link #stop}.
 */
final class LoopRun {
    private static final long TURN_NS = 20_000_000L;
    private static final long LOOK_EVERY_NS = 500_000_000L;
    private static final long LOOK_FOR_QUIET_EVERY_NS = 10_000_000_000L;
    private static final int MAX_DAMAGES = 1_000;

    private final FoamDirectory foam;
    private final UpLock lock;
    private final DefaultLoop loop;
    private final StatusProbe probe;
    private final Supervisor supervisor;
    private final StallWatch stalls;
    private final QuietWatch quiets;
    private final RefusalWatch refusals;
    private final Consumer<String> out;
    private final Thread owner = Thread.currentThread();
    private final List<String> started = new ArrayList<>();
    private final Set<String> saidDamages = new HashSet<>();
    private long startNs;
    private long nextQuietNs;
    private int port;
    private boolean anyoneLives = true;
    private boolean isGone;
    private volatile boolean stopping;

    /**
     * A run that has not begun.
     *
     * @param lock that this process has on the foam
     * @param out takes one line for each event
     */
    LoopRun(
            FoamDirectory foam,
            UpLock lock,
            DefaultLoop loop,
            boolean respawn,
            Consumer<String> out) {
        this.foam = foam;
        this.lock = lock;
        this.loop = loop;
        this.probe = new StatusProbe(foam, this::sayDamage);
        this.supervisor = new Supervisor(foam, respawn, this::say);
        this.stalls = new StallWatch(this::say);
        this.quiets = new QuietWatch(this::say);
        this.refusals = new RefusalWatch(this::say);
        this.out = out;
    }

    /**
     * Starts the nodes and keeps them going for this time, until {@link #stop}, until nobody in the
     * foam lives any more, be it ours or started by somebody else, or until the foam {@link
     * #isGone}.
     */
    void run(Optional<Duration> duration, IntConsumer pageReady) {
        startNs = System.nanoTime();
        nextQuietNs = startNs;
        for (NodeLaunch launch : loop.launches()) {
            if (!launch.isSecond()) {
                started.add(launch.node());
            }
            supervisor.add(launch, startNs);
        }
        if (loop.lacksSpeechTeacher()) {
            say(
                    LoopNodes.TEACHER_WHISPER,
                    "not started: its model is not there (see ./foam doctor)");
        }
        long limitNs = duration.map(Duration::toNanos).orElse(Long.MAX_VALUE);
        long nextLookNs = startNs;
        for (long nowNs = startNs;
                !stopping && nowNs - startNs < limitNs && (supervisor.hasWork() || anyoneLives);
                nowNs = System.nanoTime()) {
            // A death may come of it that the foam is gone: nobody is to begin it anew then.
            if (supervisor.doWork(nowNs) > 0 || nowNs - nextLookNs >= 0) {
                nextLookNs = nowNs + LOOK_EVERY_NS;
                look(pageReady);
            }
            LockSupport.parkNanos(Math.min(TURN_NS, limitNs - (nowNs - startNs)));
        }
    }

    /** What cannot be looked at now may be at the next look; the nodes do not depend on it. */
    private void look(IntConsumer pageReady) {
        try {
            if (!lock.isInPlace()) {
                isGone = true;
                stopping = true;
                say("foam", "is gone: somebody removed " + foam.path() + ", so all ends");
                return;
            }
            List<MarkView> marks = probe.marks();
            stalls.look(marks);
            lookForQuiet();
            anyoneLives = marks.stream().anyMatch(mark -> mark.state().isHeld());
            if (port == 0) {
                port = portOf(marks);
                if (port != 0) {
                    supervisor.relaunchWith(loop.coordinator(port));
                    pageReady.accept(port);
                }
            }
        } catch (IOException e) {
            sayDamage(e);
        }
    }

    private void lookForQuiet() throws IOException {
        long nowNs = System.nanoTime();
        if (nowNs - nextQuietNs >= 0) {
            nextQuietNs = nowNs + LOOK_FOR_QUIET_EVERY_NS;
            FoamStatus status = probe.status();
            quiets.look(status, nowNs);
            refusals.look(status.student());
        }
    }

    /** The port that the coordinator got; it keeps it over its restarts. */
    private int portOf(List<MarkView> marks) {
        for (MarkView mark : marks) {
            if (mark.name().equals(DefaultLoop.COORDINATOR) && mark.state() == NodeState.ALIVE) {
                return probe.counters(mark)
                        .map(counters ->
                                (int) Math.max(0, counters.number(CoordinatorCounters.HTTP_PORT)))
                        .orElse(0);
            }
        }
        return 0;
    }

    /** Says it once, not at every look. */
    private void sayDamage(IOException damage) {
        String reason = Commands.reason(damage);
        if (saidDamages.size() < MAX_DAMAGES && saidDamages.add(reason)) {
            say("foam", reason);
        }
    }

    /** Ends {@link #run} soon. From any thread. */
    void stop() {
        stopping = true;
        LockSupport.unpark(owner);
    }

    /** Whether its directory was removed, or is another one by now. */
    boolean isGone() {
        return isGone;
    }

    /** What the foam is like now. */
    FoamStatus status() throws IOException {
        return probe.status().withSources(loop.sources());
    }

    /**
     * Stops all nodes of the foam, those included that somebody else started; of one that is gone
     * only its own, for who lives there now may be of another.
     *
     * @return whether each of those that this run started ended STOPPED, or before it had joined
     */
    boolean end(Duration timeout) throws IOException, InterruptedException {
        if (isGone) {
            supervisor.stopAll(timeout.toNanos());
            return false;
        }
        LivingNodes living = new LivingNodes(probe);
        living.ask();
        Map<String, Set<Long>> endedBySignal = supervisor.stopAll(timeout.toNanos());
        for (MarkView killed : living.stop(timeout.toNanos())) {
            say(killed.name(), "killed: it did not stop in " + timeout.toSeconds() + " s");
        }
        boolean allStopped = true;
        for (String node : started) {
            Optional<MarkView> mark = mark(node);
            boolean neverJoined =
                    endedBySignal.containsKey(node)
                            && mark.map(MarkView::pid)
                                    .filter(endedBySignal.get(node)::contains)
                                    .isEmpty();
            boolean isStopped = mark.map(MarkView::state).equals(Optional.of(NodeState.STOPPED));
            if (!neverJoined && !isStopped) {
                allStopped = false;
                say(node, mark.map(m -> "is " + m.state()).orElse("never joined the foam"));
            }
        }
        return allStopped;
    }

    private Optional<MarkView> mark(String node) throws IOException {
        return probe.marks().stream().filter(mark -> mark.name().equals(node)).findFirst();
    }

    private void say(String node, String event) {
        double seconds = startNs == 0 ? 0 : (System.nanoTime() - startNs) / 1e9;
        out.accept(String.format(Locale.ROOT, "%8.1f  %-16s %s", seconds, node, event));
    }
}
