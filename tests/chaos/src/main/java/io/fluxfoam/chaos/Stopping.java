package io.fluxfoam.chaos;

import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import java.io.IOException;
import java.util.List;

/**
 * SIGSTOP until the node has been STALLED for a second, then SIGCONT; over when it is ALIVE again, or when that life has ended,
 * whoever did that.
 */
final class Stopping implements Ordeal {
    private static final long STALLED_NS = 1_000_000_000L;

    private final Ground ground;
    private final MarkView mark;
    private final Debts.Debt debt;
    private long stalledNs;
    private boolean goesOn;

    Stopping(Ground ground, MarkView mark) throws IOException {
        this.ground = ground;
        this.mark = mark;
        Body body = Body.of(ground.foam(), mark);
        debt = ground.debts().incur(mark.name() + " goes on", body::freeze, body::thaw);
        ground.events().accept(mark.name(), "stopped, pid " + mark.pid());
    }

    @Override
    public boolean turn(long nowNs) throws IOException {
        NodeState state = state();
        if (!state.isHeld()) {
            debt.settle();
            ground.events().accept(mark.name(), "has ended meanwhile");
            return true;
        }
        if (goesOn) {
            return state == NodeState.ALIVE;
        }
        if (stalledNs == 0 && state == NodeState.STALLED) {
            stalledNs = nowNs;
        }
        if (stalledNs != 0 && nowNs - stalledNs >= STALLED_NS) {
            debt.pay();
            goesOn = true;
            ground.events().accept(mark.name(), "goes on");
        }
        return false;
    }

    /** Of the life that was stopped, which is DEAD for us once there is another. */
    private NodeState state() {
        return ground.herd()
                .node(mark.name())
                .filter(now -> now.incarnation() == mark.incarnation())
                .map(MarkView::state)
                .orElse(NodeState.DEAD);
    }

    @Override
    public void abandon() throws IOException {
        debt.pay();
    }

    @Override
    public List<Victim> victims() {
        return List.of();
    }

    @Override
    public boolean isAbout(String node) {
        return node.equals(mark.name());
    }
}
