package io.fluxfoam.chaos.guest;

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

/** Dies with a lease on a slot of another node. */
@Command(name = "die-in-lease", mixinStandardHelpOptions = true)
public final class DieInLease implements NodeAgent, Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(names = "--die")
    private boolean die;

    @Option(names = "--read", required = true, paramLabel = "NODE/STREAM")
    private String target;

    private Pulse pulse;
    private Subscription reads;

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("die-in-lease", "guest"), this);
    }

    @Override
    public void onStart(Node node) throws Exception {
        pulse = new Pulse(node);
        reads = node.subscribe(target, ReadMode.LATEST);
    }

    @Override
    public int doWork() {
        try (Lease lease = reads.poll()) {
            if (lease != null && die) {
                Runtime.getRuntime().halt(137);
            }
        }
        return pulse.beat();
    }

    /** Runs the node. */
    public static void main(String[] args) {
        NodeMain.main(new DieInLease(), args);
    }
}
