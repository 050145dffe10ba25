package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.check.DeathDetection;
import io.fluxfoam.chaos.process.CleanupStack;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.LaunchCommand;
import io.fluxfoam.chaos.process.NodeProcess;
import io.fluxfoam.chaos.process.RejoinProbe;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * One life of a node that chaos ends, from the signal until its successor works. Belongs to the
 * run's thread.
 */
public final class KilledNode {
    private final FoamUnderTest tested;
    private final MarkView mark;
    private final NodeProcess body;
    private final LaunchCommand command;
    private final RejoinProbe comeback;
    private CleanupStack.Entry entry;
    private DeathDetection detection;
    private long endedNs;
    private long nobodyElseFromNs;
    private boolean isBack;
    private long backNs;

    /**
     * A node that lives.
     *
     * @throws IOException if its process cannot be found
     */
    KilledNode(FoamUnderTest tested, MarkView mark) throws IOException {
        this.tested = tested;
        this.mark = mark;
        this.body = NodeProcess.of(tested.foam(), mark);
        this.command = LaunchCommand.of(tested.foam(), mark);
        this.comeback = RejoinProbe.of(tested.foam(), mark);
    }

    /**
     * {@code kill -9}.
     *
     * @param dying all that are killed together, this node among them
     */
    void kill(Set<String> dying) throws IOException {
        long patienceNs = tested.restarter().patienceNs(mark);
        detection = new DeathDetection(tested.nodes(), mark, dying);
        end(body::kill, patienceNs, patienceNs);
        String start =
                command.isComplete()
                        ? ""
                        : "; its mark has no command line, only who started it can start it again";
        tested.events().accept(mark.name(), "killed, pid " + mark.pid() + start);
    }

    /**
     * SIGTERM. A clean end is nobody's death, and nobody starts the node again but chaos.
     *
     * @param absenceNs how long it stays away
     */
    void terminate(long absenceNs) throws IOException {
        if (!command.isComplete()) {
            throw new IOException(
                    "its mark has no command line to start it again: node=" + mark.name());
        }
        end(body::terminate, absenceNs, 0);
        tested.events().accept(mark.name(), "SIGTERM, pid " + mark.pid());
    }

    /**
     * Ends this life; whatever ends chaos before the node is back, it is started again.
     *
     * @param signal returns when it was sent
     * @param patienceNs how long chaos does not start it
     * @param othersNs how long somebody else may
     */
    private void end(LongSupplier signal, long patienceNs, long othersNs) throws IOException {
        entry =
                tested.cleanup()
                        .push(
                                mark.name() + " comes back",
                                () -> {
                                    endedNs = signal.getAsLong();
                                    nobodyElseFromNs = endedNs + patienceNs;
                                },
                                () -> restore(endedNs + othersNs));
    }

    private void restore(long othersUntilNs) throws IOException {
        if (!tested.isOwn() && command.isComplete()) {
            tested.restarter().restore(command, mark.incarnation(), endedNs, othersUntilNs);
        }
    }

    /** Looks whether it has been seen dead and is back, and starts it again if nobody else does. */
    void look(long nowNs) throws IOException {
        if (detection != null && !detection.isOver()) {
            detection.look(System.nanoTime());
        }
        if (isBack) {
            return;
        }
        Optional<MarkView> now = tested.nodes().node(mark.name());
        if (now.isPresent() && comeback.isThere(now.get())) {
            isBack = true;
            backNs = System.nanoTime();
            entry.discard();
        } else if (command.isComplete()) {
            tested.restarter().tend(command, nobodyElseFromNs, nowNs);
        }
    }

    /** Whether all is known: its peers have seen it dead, and it works again. */
    boolean isOver() {
        return isBack && (detection == null || detection.isOver());
    }

    public String node() {
        return mark.name();
    }

    public long incarnation() {
        return mark.incarnation();
    }

    /** See {@code FaultReport.detectMillis}. */
    Double detectMillis() {
        Long seenNs = detection == null ? null : detection.lastSeenNs();
        return seenNs == null ? null : (seenNs - endedNs) / 1e6;
    }

    /** See {@code FaultReport.rejoinMillis}. */
    Double rejoinMillis() {
        return isBack ? (backNs - endedNs) / 1e6 : null;
    }
}
