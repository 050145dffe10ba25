package io.fluxfoam.chaos.guest;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** Dies between claim and commit, with half of the slot written. */
@Command(name = "die-in-claim", mixinStandardHelpOptions = true)
public final class DieInClaim implements NodeAgent, Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(names = "--die")
    private boolean die;

    private Pulse pulse;

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("die-in-claim", "guest"), this);
    }

    @Override
    public void onStart(Node node) throws Exception {
        pulse = new Pulse(node);
    }

    @Override
    public int doWork() {
        int work = pulse.beat();
        if (die && pulse.count() == 5) {
            pulse.writer().claim().payload().asSlice(0, Pulse.BYTES / 2).fill((byte) 0xAA);
            Runtime.getRuntime().halt(137);
        }
        return work;
    }

    /** Runs the node. */
    public static void main(String[] args) {
        NodeMain.main(new DieInClaim(), args);
    }
}
