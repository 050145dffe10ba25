package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The end of one node or of many at once; over when all of them are back. */
public final class KillFault implements FaultExecution {
    private final List<KilledNode> killedNodes;

    private KillFault(List<KilledNode> killedNodes) {
        this.killedNodes = killedNodes;
    }

    /** {@code kill -9}. All are found before the first is killed. */
    public static KillFault of(FoamUnderTest tested, List<MarkView> nodes) throws IOException {
        List<KilledNode> killedNodes = new ArrayList<>();
        for (MarkView node : nodes) {
            killedNodes.add(new KilledNode(tested, node));
        }
        Set<String> dying = nodes.stream().map(MarkView::name).collect(Collectors.toSet());
        for (KilledNode killedNode : killedNodes) {
            killedNode.kill(dying);
        }
        return new KillFault(killedNodes);
    }

    /** SIGTERM, and a start after this time at the earliest. */
    static KillFault gently(FoamUnderTest tested, MarkView node, long absenceNs)
            throws IOException {
        KilledNode killedNode = new KilledNode(tested, node);
        killedNode.terminate(absenceNs);
        return new KillFault(List.of(killedNode));
    }

    @Override
    public boolean turn(long nowNs) throws IOException {
        boolean isOver = true;
        for (KilledNode killedNode : killedNodes) {
            killedNode.look(nowNs);
            isOver &= killedNode.isOver();
        }
        return isOver;
    }

    @Override
    public List<KilledNode> killedNodes() {
        return killedNodes;
    }

    @Override
    public boolean isAbout(String node) {
        return killedNodes.stream().anyMatch(killedNode -> killedNode.node().equals(node));
    }
}
