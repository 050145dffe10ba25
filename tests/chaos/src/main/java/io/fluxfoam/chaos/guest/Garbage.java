package io.fluxfoam.chaos.guest;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;

/** A teacher whose every feature of every frame is NaN. */
@Command(name = "garbage", mixinStandardHelpOptions = true)
public final class Garbage implements NodeAgent, Callable<Integer> {
    /** Counter of the tensors published. */
    public static final String SPOILED = "spoiled";

    @Mixin private NodeOptions options;

    private Subscription pictures;
    private StreamWriter features;
    private Counter spoiled;
    private long alone;

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("garbage", Roles.TEACHER), this);
    }

    @Override
    public void onStart(Node node) throws Exception {
        spoiled = node.counters().counter(SPOILED);
        pictures =
                node.subscribe(
                        LoopStreams.of(LoopNodes.SENSOR, LoopStreams.PICTURE), ReadMode.LATEST);
        features = node.publish(StreamSpec.of(LoopStreams.FEATURES, DType.F32, 8, 16));
    }

    @Override
    public int doWork() {
        if (!pictures.connected()) { // a foam without a sensor
            return spoil(++alone, System.nanoTime());
        }
        try (Lease lease = pictures.poll()) {
            return lease == null ? 0 : spoil(lease.frameNumber(), lease.captureNs());
        }
    }

    private int spoil(long frameNumber, long captureNs) {
        try (Claim claim = features.claim()) {
            MemorySegment payload = claim.payload();
            for (long at = 0; at < payload.byteSize(); at += Float.BYTES) {
                payload.set(ValueLayout.JAVA_FLOAT, at, Float.NaN);
            }
            claim.commit(frameNumber, captureNs);
        }
        spoiled.increment();
        return 0;
    }

    /** Runs the node. */
    public static void main(String[] args) {
        NodeMain.main(new Garbage(), args);
    }
}
