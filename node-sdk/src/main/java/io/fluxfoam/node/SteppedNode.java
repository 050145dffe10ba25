package io.fluxfoam.node;

import io.fluxfoam.manifest.Manifest;

import java.io.IOException;

/**
 * A node without a thread: whoever owns it turns it, several of them on one thread if he likes, and
 * ends it as a node may end. For what plays nodes instead of being one. {@code JOINED -> PUBLISHED
 * -> STOPPED | DEAD -> CLOSED}.
 */
public final class SteppedNode implements AutoCloseable {
    private final Node node;

    private SteppedNode(Node node) {
        this.node = node;
    }

    /** Takes the node's name; its streams and attributes may be declared now. */
    public static SteppedNode join(NodeContext context) throws IOException {
        return new SteppedNode(Node.join(context));
    }

    /** The node, to declare what it publishes. */
    public Node node() {
        return node;
    }

    /** Says of the node what another manifest says, but for its streams. */
    public void describe(Manifest original) {
        original.attributes()
                .forEach((key, value) -> {
                    if (!key.equals(Manifest.READS)) {
                        node.attribute(key, value);
                    }
                });
        original.reads().forEach(node::reads);
    }

    /** Ends the declarations and makes the node known to its peers. */
    public void publish() throws IOException {
        node.publishJson(node.conclude());
    }

    /** One turn: the heart beats, and some times a second peers are looked at. */
    public void turn(long nowNs) throws IOException {
        node.beat(nowNs);
        turnStill(nowNs);
    }

    /** The same while the heart stands still, as of one that is STALLED. */
    public void turnStill(long nowNs) throws IOException {
        node.controlTurn(nowNs);
    }

    /**
     * Leaves the foam, with a goodbye or as one that was killed: then the lock is free, and the
     * files are for others to sweep. Who still reads can be looked at until {@link #close}.
     */
    public void depart(boolean cleanly) throws IOException {
        node.depart(cleanly);
    }

    /** Unmaps what it published. */
    @Override
    public void close() {
        node.unmap();
    }
}
