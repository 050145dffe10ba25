package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.process.CleanupStack;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.NodeProcess;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import java.io.IOException;
import java.util.List;

/**
 * SIGSTOP until the node has been STALLED for a second, then SIGCONT; over when it is ALIVE again,
 * or when that life has ended, whoever did that.
 */
final class PauseFault implements FaultExecution {
    private static final long STALLED_NS = 1_000_000_000L;

    private final FoamUnderTest tested;
    private final MarkView mark;
    private final CleanupStack.Entry entry;
    private long stalledNs;
    private boolean goesOn;

    PauseFault(FoamUnderTest tested, MarkView mark) throws IOException {
        this.tested = tested;
        this.mark = mark;
        NodeProcess body = NodeProcess.of(tested.foam(), mark);
        entry = tested.cleanup().push(mark.name() + " goes on", body::freeze, body::thaw);
        tested.events().accept(mark.name(), "stopped, pid " + mark.pid());
    }

    @Override
    public boolean turn(long nowNs) throws IOException {
        NodeState state = state();
        if (!state.isHeld()) {
            entry.discard();
            tested.events().accept(mark.name(), "has ended meanwhile");
            return true;
        }
        if (goesOn) {
            return state == NodeState.ALIVE;
        }
        if (stalledNs == 0 && state == NodeState.STALLED) {
            stalledNs = nowNs;
        }
        if (stalledNs != 0 && nowNs - stalledNs >= STALLED_NS) {
            entry.undo();
            goesOn = true;
            tested.events().accept(mark.name(), "goes on");
        }
        return false;
    }

    /** Of the life that was stopped, which is DEAD for us once there is another. */
    private NodeState state() {
        return tested.nodes()
                .node(mark.name())
                .filter(now -> now.incarnation() == mark.incarnation())
                .map(MarkView::state)
                .orElse(NodeState.DEAD);
    }

    @Override
    public void abandon() throws IOException {
        entry.undo();
    }

    @Override
    public List<KilledNode> killedNodes() {
        return List.of();
    }

    @Override
    public boolean isAbout(String node) {
        return node.equals(mark.name());
    }
}
