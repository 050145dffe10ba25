package io.fluxfoam.chaos.process;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.memory.Posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Starts a dead node again if nobody else does: at once if chaos started that life too, else after
 * giving others their time. Two who start the same name do no harm: one of them is refused. Belongs
 * to the run's thread, but for what may be called from any.
 */
public final class Restarter {
    /** How long somebody else may take to start a node; an {@code up} that lives gets longer. */
    private static final long OTHERS_NS = 20_000_000_000L;

    private static final long UP_NS = 60_000_000_000L;

    private static final long PAUSE_NS = 100_000_000L;

    /** How long others may take when chaos itself is ending. */
    private static final long MOMENT_NS = 2_000_000_000L;

    private static final long END_TIMEOUT_NS = 15_000_000_000L;
    private static final long LOOK_EVERY_NS = 10_000_000L;

    private final FoamDirectory foam;
    private final NodeTracker nodes;
    private final BiConsumer<String, String> events;
    private final Map<String, Start> starts = new HashMap<>();

    private boolean isRetired;

    private record Start(Process process, long startedNs) {}

    public Restarter(FoamDirectory foam, NodeTracker nodes, BiConsumer<String, String> events) {
        this.foam = foam;
        this.nodes = nodes;
        this.events = events;
    }

    /** Starts a node whose name nobody has. */
    synchronized Process start(LaunchCommand command, long nowNs) throws IOException {
        if (isRetired) {
            throw new IOException("nobody is started any more: node=" + command.node());
        }
        Process process = command.start();
        starts.put(command.node(), new Start(process, nowNs));
        return process;
    }

    /**
     * From now on it starts nobody; returns the processes that it started and that may still run.
     * From any thread.
     */
    synchronized List<Process> retire() {
        isRetired = true;
        return starts.values().stream().map(Start::process).toList();
    }

    /** How long to wait for others after this life has ended. */
    public synchronized long patienceNs(MarkView mark) throws IOException {
        Start start = starts.get(mark.name());
        if (start != null && start.process.pid() == mark.pid()) {
            return 0;
        }
        return isUpAlive() ? UP_NS : OTHERS_NS;
    }

    private boolean isUpAlive() throws IOException {
        Path lock = foam.path().resolve("up.lock");
        if (!Files.exists(lock)) {
            return false;
        }
        int fd = Posix.openReadOnly(lock);
        try {
            return Posix.isLocked(fd);
        } finally {
            Posix.close(fd);
        }
    }

    /**
     * Looks after a node that has ended; does nothing while its name is taken, or somebody starts
     * it.
     *
     * @param nobodyElseFromNs from when on nobody else is waited for
     */
    public synchronized void tend(LaunchCommand command, long nobodyElseFromNs, long nowNs)
            throws IOException {
        boolean isHeld =
                nodes.node(command.node()).map(mark -> mark.state().isHeld()).orElse(false);
        Start last = starts.get(command.node());
        boolean isStarting =
                last != null && (last.process.isAlive() || nowNs - last.startedNs < PAUSE_NS);
        if (!isRetired && !isHeld && !isStarting && nowNs >= nobodyElseFromNs) {
            startAgain(command, nowNs);
        }
    }

    private boolean isSuccessorStarting(MarkView mark) {
        Start last = starts.get(mark.name());
        return last != null && last.process.isAlive() && last.process.pid() != mark.pid();
    }

    private void startAgain(LaunchCommand command, long nowNs) throws IOException {
        Process process = start(command, nowNs);
        events.accept(command.node(), "started again, pid " + process.pid());
    }

    /**
     * For when chaos ends before a node is back: gives others a moment, and starts it unless
     * somebody has, or an {@code up} will. From any thread.
     *
     * @param incarnation the life that chaos ended
     * @param othersUntilNs until when somebody else may start it
     */
    public synchronized void restore(
            LaunchCommand command, long incarnation, long endedNs, long othersUntilNs)
            throws IOException {
        long beganNs = System.nanoTime();
        if (beganNs < othersUntilNs && isUpAlive()) {
            return;
        }
        long fromNs = Math.min(othersUntilNs, endedNs + MOMENT_NS);
        try {
            for (MarkView now = MarkView.read(foam, command.node());
                    ;
                    now = MarkView.read(foam, command.node())) {
                if (now.incarnation() > incarnation || isSuccessorStarting(now)) {
                    return;
                }
                if (!now.state().isHeld() && System.nanoTime() >= fromNs) {
                    startAgain(command, System.nanoTime());
                    return;
                }
                if (System.nanoTime() - beganNs >= END_TIMEOUT_NS) {
                    throw new IOException(
                            "it does not end: node=" + command.node() + " pid=" + now.pid());
                }
                LockSupport.parkNanos(LOOK_EVERY_NS);
            }
        } catch (NoSuchFileException e) {
            return; // the whole foam is gone
        }
    }
}
