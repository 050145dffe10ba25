package io.fluxfoam.launch;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkLock;
import io.fluxfoam.liveness.NameTakenException;
import io.fluxfoam.liveness.StandbyMark;
import io.fluxfoam.memory.Priority;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A process that waits for its node's name, with everything loaded. Nobody elects it: it waits for
 * the lock on the mark, which the kernel hands over at any death. While it prepares itself it has a
 * lower priority than those that live.
 */
final class Standby {
    private final NodeContext context;
    private final NodeAgent agent;
    private volatile @Nullable StandbyMark shown;
    private boolean isPrepared;

    Standby(NodeContext context, NodeAgent agent) {
        this.context = context;
        this.agent = agent;
    }

    /**
     * Prepares the agent and waits; if nobody has the name now, it is taken at once.
     *
     * @return the lock on the name
     */
    MarkLock await() throws IOException {
        context.conclude();
        FoamDirectory foam = FoamDirectory.create(context.foam());
        try {
            return MarkLock.take(foam, context.name());
        } catch (NameTakenException e) {
            // waited for
        }
        StandbyMark waiting = StandbyMark.raise(foam, context.name());
        shown = waiting;
        Priority priority = Priority.lower();
        try {
            agent.onPrepare();
            agent.onRehearse();
            Rehearsal.play(waiting.scratch());
            waiting.ready();
            isPrepared = true;
            MarkLock name = MarkLock.await(foam, context.name());
            priority.raise();
            return name;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(Commands.reason(e), e);
        } finally {
            close();
        }
    }

    /** Whether the agent has been prepared. */
    boolean isPrepared() {
        return isPrepared;
    }

    /** Waits no longer, as far as others can see. From any thread. */
    void close() {
        StandbyMark waiting = shown;
        if (waiting != null) {
            waiting.close();
        }
    }
}
