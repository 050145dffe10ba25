package io.fluxfoam.tests.toy;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.tensor.FrameNumber;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;

/**
 * Reads every tensor of a clock word by word and ends with an error if one is torn, stale or out of
 * order.
 */
@Command(name = "watcher")
public final class Watcher implements NodeAgent, Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(names = "--mode")
    private ReadMode mode = ReadMode.LATEST;

    private Subscription ticks;
    private Counter reads;
    private Counter seenIncarnation;
    private long last;

    @Override
    public void onStart(Node node) {
        reads = node.counters().counter("reads");
        seenIncarnation = node.counters().counter("seenIncarnation");
        ticks = node.subscribe("clock/ticks", mode);
    }

    @Override
    public int doWork() {
        try (Lease lease = ticks.poll()) {
            if (lease == null) {
                return 0;
            }
            long value = lease.frameNumber();
            MemorySegment payload = lease.payload();
            for (long at = 0; at < payload.byteSize(); at += 8) {
                if (payload.get(ValueLayout.JAVA_LONG, at) != value) {
                    throw new IllegalStateException("torn at byte " + at + " of frame " + value);
                }
            }
            if (value <= last) {
                throw new IllegalStateException("out of order: frame " + value + " after " + last);
            }
            last = value;
            reads.increment();
            seenIncarnation.set(FrameNumber.incarnation(value));
            return 1;
        }
    }

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("watcher", "watcher"), this);
    }

    public static void main(String[] args) {
        NodeMain.main(new Watcher(), args);
    }
}
