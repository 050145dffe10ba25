package io.fluxfoam.chaos.fault;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * A fault while it happens. It begins when it is made, never waits, and is turned until it is over.
 */
public interface FaultExecution {
    /** One turn; returns whether it is over. */
    boolean turn(long nowNs) throws IOException;

    /** Lives that it ended. */
    List<KilledNode> killedNodes();

    /** Whether it uses this node, so that no other fault may be aimed at it. */
    boolean isAbout(String node);

    /** Processes that it ended. */
    default int kills() {
        return killedNodes().size();
    }

    /** Gives up: it has taken too long. */
    default void abandon() throws IOException {}

    /** Nodes that it found unable to go on; known when it is over. */
    default int hungNodes() {
        return 0;
    }

    /** The slowest detection of its killed nodes. */
    default Double detectMillis() {
        return killedNodes().stream()
                .map(KilledNode::detectMillis)
                .filter(Objects::nonNull)
                .max(Double::compare)
                .orElse(null);
    }

    /** The slowest return of its killed nodes, null if one is not back. */
    default Double rejoinMillis() {
        boolean allBack =
                !killedNodes().isEmpty()
                        && killedNodes().stream()
                                .allMatch(killedNode -> killedNode.rejoinMillis() != null);
        return allBack
                ? killedNodes().stream()
                        .map(KilledNode::rejoinMillis)
                        .max(Double::compare)
                        .orElse(null)
                : null;
    }
}
