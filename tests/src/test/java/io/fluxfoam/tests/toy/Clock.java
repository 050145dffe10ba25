package io.fluxfoam.tests.toy;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;

/** Publishes tensors as fast as it can, every word of a tensor the same. */
@Command(name = "clock")
public final class Clock implements NodeAgent, Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(names = "--words")
    private int words = 2_048;

    private Node node;
    private StreamWriter ticks;
    private long count;

    @Override
    public void onStart(Node started) throws Exception {
        node = started;
        ticks = node.publish(StreamSpec.of("ticks", DType.I64, words));
    }

    @Override
    public int doWork() {
        try (Claim claim = ticks.claim()) {
            long value = FrameNumber.of(node.incarnation(), ++count);
            MemorySegment payload = claim.payload();
            for (long at = 0; at < payload.byteSize(); at += 8) {
                payload.set(ValueLayout.JAVA_LONG, at, value);
            }
            claim.commit(value, System.nanoTime());
        }
        return 1;
    }

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("clock", "clock"), this);
    }

    public static void main(String[] args) {
        NodeMain.main(new Clock(), args);
    }
}
