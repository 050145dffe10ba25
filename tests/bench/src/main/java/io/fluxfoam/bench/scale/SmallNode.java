package io.fluxfoam.bench.scale;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;

/**
 * The smallest node that does something: commits a kilobyte ten times a second and counts the peers
 * whose manifest it has.
 */
@Command(name = "light")
public final class SmallNode implements NodeAgent, Callable<Integer> {
    /** Counter of the peers that are alive and known by their manifests. */
    public static final String PEERS = "peers";

    private static final int WORDS = 256;
    private static final long COMMIT_EVERY_NS = 100_000_000;

    @Mixin private NodeOptions options;
    private Node node;
    private StreamWriter ticks;
    private Counter peers;
    private long nextNs;
    private long count;

    /** Runs the node. */
    public static void main(String[] args) {
        NodeMain.main(new SmallNode(), args);
    }

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("light", "light"), this);
    }

    @Override
    public void onStart(Node started) throws IOException {
        node = started;
        ticks = node.publish(StreamSpec.of("ticks", DType.F32, WORDS));
        peers = node.counters().counter(PEERS);
        commit(System.nanoTime());
    }

    @Override
    public int doWork() {
        long nowNs = System.nanoTime();
        if (nowNs < nextNs) {
            return 0;
        }
        commit(nowNs);
        long known = 0;
        for (PeerView peer : node.peers()) {
            known += peer.state() == NodeState.ALIVE && peer.manifest().isPresent() ? 1 : 0;
        }
        peers.set(known);
        return 1;
    }

    private void commit(long nowNs) {
        nextNs = nowNs + COMMIT_EVERY_NS;
        try (Claim claim = ticks.claim()) {
            claim.payload().fill((byte) ++count).set(ValueLayout.JAVA_FLOAT, 0, count);
            claim.commit(count, nowNs);
        }
    }
}
