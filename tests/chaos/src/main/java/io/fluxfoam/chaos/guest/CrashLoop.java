package io.fluxfoam.chaos.guest;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** Dies as soon as it has its name. */
@Command(name = "crash-loop", mixinStandardHelpOptions = true)
public final class CrashLoop implements NodeAgent, Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(names = "--die")
    private boolean die;

    private Pulse pulse;

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("crash-loop", "guest"), this);
    }

    @Override
    public void onStart(Node node) throws Exception {
        if (die) {
            Runtime.getRuntime().halt(1);
        }
        pulse = new Pulse(node);
    }

    @Override
    public int doWork() {
        return pulse.beat();
    }

    /** Runs the node. */
    public static void main(String[] args) {
        NodeMain.main(new CrashLoop(), args);
    }
}
