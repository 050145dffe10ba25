package io.fluxfoam.chaos;

import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * SIGSTOP until the node has been STALLED for a second, then SIGCONT; over when it is ALIVE again. The process goes on even
 * if chaos itself is ended meanwhile.
 */
final class Stopping implements Ordeal {
    private static final long STALLED_NS = 1_000_000_000L;

    private final Ground ground;
    private final MarkView mark;
    private final Body body;
    private final Thread atExit = new Thread(this::thawAtExit, "chaos-thaw");
    private long stalledNs;
    private boolean isThawed;

    Stopping(Ground ground, MarkView mark) throws IOException {
        this.ground = ground;
        this.mark = mark;
        this.body = Body.of(ground.foam(), mark);
        Runtime.getRuntime().addShutdownHook(atExit);
        body.freeze();
        ground.events().accept(mark.name(), "stopped, pid " + mark.pid());
    }

    private void thawAtExit() {
        try {
            body.thaw();
        } catch (IOException e) {
            System.err.println("chaos: " + e.getMessage());
        }
    }

    @Override
    public boolean turn(long nowNs) throws IOException {
        Optional<MarkView> now = ground.herd().node(mark.name());
        NodeState state = now.map(MarkView::state).orElse(NodeState.DEAD);
        if (!isThawed) {
            if (stalledNs == 0 && state != NodeState.ALIVE) {
                stalledNs = nowNs;
            }
            if (stalledNs != 0 && nowNs - stalledNs >= STALLED_NS) {
                body.thaw();
                isThawed = true;
                Runtime.getRuntime().removeShutdownHook(atExit);
                ground.events().accept(mark.name(), "goes on");
            }
            return false;
        }
        return state != NodeState.STALLED;
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
