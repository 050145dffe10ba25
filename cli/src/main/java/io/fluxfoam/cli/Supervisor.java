package io.fluxfoam.cli;

import io.fluxfoam.launch.Commands;
import io.fluxfoam.liveness.FoamDirectory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Starts nodes and starts again those that die, each after a pause that grows while it keeps dying.
 * What ends cleanly stays ended. A stalled node is never killed. {@code WAITING -> RUNNING ->
 * WAITING | ENDED}. All methods belong to one thread, which calls {@link #doWork} often and may
 * sleep in between: a death wakes it.
 */
final class Supervisor {
    /** Last in the trace of "Bad level", by which of the two, shutdown or start, came too late. */
    private static final Pattern JVM_NOT_UP =
            Pattern.compile(
                    "jdk\\.internal\\.misc\\.VM\\.initLevel|java\\.lang\\.System\\.initPhase3");

    /** What stands by is started again once the one that took over has found its feet. */
    private static final long STANDBY_PAUSE_NS = 1_000_000_000L;

    private final FoamDirectory foam;
    private final boolean respawn;
    private final BiConsumer<String, String> events;
    private final List<Child> children = new ArrayList<>();
    private final Thread owner = Thread.currentThread();

    private static final class Child {
        private final NodeLog log;
        private final Backoff backoff = new Backoff();
        private NodeLaunch launch;
        private Process process;
        private boolean ended;
        private long startedNs;
        private long dueNs;

        private Child(NodeLaunch launch, NodeLog log, long dueNs) {
            this.launch = launch;
            this.log = log;
            this.dueNs = dueNs;
        }
    }

    /**
     * A supervisor without children.
     *
     * @param respawn whether the dead are started again
     * @param events told of every start and end: node, what happened
     */
    Supervisor(FoamDirectory foam, boolean respawn, BiConsumer<String, String> events) {
        this.foam = foam;
        this.respawn = respawn;
        this.events = events;
    }

    /** Takes a node, to be started at the next turn. */
    void add(NodeLaunch launch, long nowNs) {
        children.add(new Child(launch, new NodeLog(foam.path().resolve(launch.log())), nowNs));
    }

    /** Replaces what starts this node, from its next start on. */
    void relaunchWith(NodeLaunch launch) {
        for (Child child : children) {
            if (child.launch.node().equals(launch.node())) {
                child.launch = launch;
            }
        }
    }

    /** One turn: notices who ended, starts whose time has come. Returns the number of events. */
    int doWork(long nowNs) {
        int work = 0;
        for (Child child : children) {
            if (child.process != null && !child.process.isAlive()) {
                noticeEnd(child, nowNs);
                work++;
            }
            if (child.process == null && !child.ended && nowNs - child.dueNs >= 0) {
                start(child, nowNs);
                work++;
            }
        }
        return work;
    }

    /** Whether any node runs or will be started again. */
    boolean hasWork() {
        return children.stream().anyMatch(child -> !child.ended);
    }

    private void start(Child child, long nowNs) {
        child.startedNs = nowNs;
        ProcessBuilder builder =
                new ProcessBuilder(child.launch.command()).redirectErrorStream(true);
        for (Map.Entry<String, String> variable : child.launch.environment().entrySet()) {
            builder.environment().put(variable.getKey(), variable.getValue());
        }
        try {
            child.process = builder.start();
            child.process.getOutputStream().close();
        } catch (IOException e) {
            died(child, Commands.reason(e), 0, nowNs);
            return;
        }
        child.log.follow(child.process.getInputStream());
        child.process.onExit().thenRun(() -> LockSupport.unpark(owner));
        events.accept(child.launch.title(), "started, pid " + child.process.pid());
    }

    private void noticeEnd(Child child, long nowNs) {
        ExitReason death = new ExitReason(child.process.exitValue());
        child.process = null;
        if (death.clean()) {
            child.ended = true;
            events.accept(child.launch.title(), "stopped");
        } else {
            String reason = death.reason(foam, child.launch.node(), child.log.lastLine());
            died(child, reason, nowNs - child.startedNs, nowNs);
        }
    }

    private void died(Child child, String reason, long livedNs, long nowNs) {
        child.process = null;
        if (respawn) {
            boolean goesOn = hasOther(child);
            long pauseNs = child.backoff.afterLife(livedNs);
            pauseNs = goesOn ? Math.max(pauseNs, STANDBY_PAUSE_NS) : pauseNs;
            child.dueNs = nowNs + pauseNs;
            events.accept(
                    child.launch.title(),
                    String.format(
                            Locale.ROOT,
                            "died (%s)%s, again in %.1f s",
                            reason,
                            goesOn ? ", the other one lives" : "",
                            pauseNs / 1e9));
        } else {
            child.ended = true;
            events.accept(child.launch.title(), "died (" + reason + ")");
        }
    }

    /** Whether another process of the same node lives. */
    private boolean hasOther(Child child) {
        return children.stream()
                .anyMatch(other ->
                        other != child
                                && other.launch.node().equals(child.launch.node())
                                && other.process != null
                                && other.process.isAlive());
    }

    /**
     * Asks every node to stop, those that stand by first, kills those that have not ended in time,
     * and starts nothing any more.
     *
     * @return process ids, by node, of those that ended at the request and without a fault: they
     *     left, or had not come far enough to join
     */
    Map<String, Set<Long>> stopAll(long timeoutNs) throws InterruptedException {
        // Else what stands by would take over from who stops.
        for (Child child : children.reversed()) {
            if (child.process != null) {
                child.process
                        .toHandle()
                        .destroy(); // Process.destroy would close its output before its last words
            }
        }
        long deadlineNs = System.nanoTime() + timeoutNs;
        Map<String, Set<Long>> endedAsAsked = new HashMap<>();
        for (Child child : children) {
            child.ended = true;
            if (child.process == null) {
                continue;
            }
            long leftNs = Math.max(0, deadlineNs - System.nanoTime());
            if (!child.process.waitFor(leftNs, TimeUnit.NANOSECONDS)) {
                child.process.destroyForcibly();
                child.process.waitFor();
                events.accept(
                        child.launch.title(),
                        "killed: it did not stop in " + timeoutNs / 1_000_000_000 + " s");
            } else {
                ExitReason death = new ExitReason(child.process.exitValue());
                if (isAsAsked(child, death)) {
                    endedAsAsked
                            .computeIfAbsent(child.launch.node(), _ -> new HashSet<>())
                            .add(child.process.pid());
                }
                events.accept(child.launch.title(), lastEvent(child, death));
            }
            child.process = null;
        }
        return endedAsAsked;
    }

    /**
     * Whether it ended without a fault of its own. A JVM that a signal reaches in its first tenth
     * of a second ends by the signal, or by an error of its own: its shutdown and its start then
     * run into each other, "Bad level".
     */
    private static boolean isAsAsked(Child child, ExitReason death) {
        return death.clean()
                || death.isAsked()
                || death.exitCode() == 1 && JVM_NOT_UP.matcher(child.log.lastLine()).find();
    }

    private String lastEvent(Child child, ExitReason death) {
        String lastLine = child.log.lastLine(); // the log takes what is still on its way
        if (isAsAsked(child, death)) {
            return "stopped";
        }
        return "died (" + death.reason(foam, child.launch.node(), lastLine) + ")";
    }
}
