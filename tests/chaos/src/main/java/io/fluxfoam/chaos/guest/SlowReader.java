package io.fluxfoam.chaos.guest;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** Keeps each lease for seconds, and ends with an error if the bytes under it change. */
@Command(name = "slow-reader", mixinStandardHelpOptions = true)
public final class SlowReader implements NodeAgent, Callable<Integer> {
    /** Counter of the leases that were held to their end. */
    public static final String HELD = "held";

    private static final long HOLD_NS = 1_000_000_000L;

    @Mixin private NodeOptions options;

    @Option(names = "--read", required = true, paramLabel = "NODE/STREAM")
    private String target;

    private Subscription reads;
    private Pulse pulse;
    private Counter held;
    private Lease lease;
    private long sinceNs;

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("slow-reader", "guest"), this);
    }

    @Override
    public void onStart(Node node) throws Exception {
        pulse = new Pulse(node);
        held = node.counters().counter(HELD);
        reads = node.subscribe(target, ReadMode.IN_ORDER);
    }

    @Override
    public int doWork() {
        if (lease == null) {
            lease = reads.poll();
            sinceNs = System.nanoTime();
        } else if (System.nanoTime() - sinceNs >= HOLD_NS) {
            boolean isIntact = lease.isIntact();
            lease.close();
            lease = null;
            if (!isIntact) {
                throw new IllegalStateException("changed under a lease: stream=" + target);
            }
            held.increment();
        }
        return pulse.beat();
    }

    @Override
    public void onStop() {
        if (lease != null) {
            lease.close();
        }
    }

    /** Runs the node. */
    public static void main(String[] args) {
        NodeMain.main(new SlowReader(), args);
    }
}
