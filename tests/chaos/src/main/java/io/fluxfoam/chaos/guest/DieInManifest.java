package io.fluxfoam.chaos.guest;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.memory.AtomicFile;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Dies while its manifest is half-written. */
@Command(name = "die-in-manifest", mixinStandardHelpOptions = true)
public final class DieInManifest implements NodeAgent, Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(names = "--die")
    private boolean die;

    private Pulse pulse;

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("die-in-manifest", "guest"), this);
    }

    @Override
    public void onStart(Node node) throws Exception {
        pulse = new Pulse(node);
        if (die) {
            FoamDirectory foam = FoamDirectory.open(node.foam());
            Path halfWritten =
                    AtomicFile.temporary(foam.file(node.name(), node.incarnation(), "manifest"));
            Thread.ofPlatform().daemon().start(() -> dieWhen(halfWritten));
        }
    }

    private static void dieWhen(Path halfWritten) {
        while (!Files.exists(halfWritten)) {
            Thread.onSpinWait();
        }
        Runtime.getRuntime().halt(137);
    }

    @Override
    public int doWork() {
        return pulse.beat();
    }

    /** Runs the node. */
    public static void main(String[] args) {
        NodeMain.main(new DieInManifest(), args);
    }
}
