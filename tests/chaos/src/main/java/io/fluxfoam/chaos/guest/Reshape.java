package io.fluxfoam.chaos.guest;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** Publishes a tensor of the shape that it is told, another in each life. */
@Command(name = "reshape", mixinStandardHelpOptions = true)
public final class Reshape implements NodeAgent, Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(names = "--shape", required = true, split = ",", paramLabel = "DIM")
    private long[] shape;

    private StreamWriter writer;
    private long count;
    private long nextNs = Long.MIN_VALUE;

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("reshape", "guest"), this);
    }

    @Override
    public void onStart(Node node) throws Exception {
        writer = node.publish(StreamSpec.of("shaped", DType.F32, shape));
    }

    @Override
    public int doWork() {
        long nowNs = System.nanoTime();
        if (nowNs < nextNs) {
            return 0;
        }
        nextNs = nowNs + Pulse.PERIOD_NS;
        try (Claim claim = writer.claim()) {
            claim.payload().fill((byte) 0);
            claim.commit(++count, nowNs);
        }
        return 1;
    }

    /** Runs the node. */
    public static void main(String[] args) {
        NodeMain.main(new Reshape(), args);
    }
}
