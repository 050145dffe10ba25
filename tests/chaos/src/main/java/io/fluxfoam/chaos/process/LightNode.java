package io.fluxfoam.chaos.process;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A node without a model: publishes a pulse, every word of it the same, and reads the pulses of all
 * its like word by word. It ends with an error if one is torn.
 */
@Command(
        name = "light-node",
        mixinStandardHelpOptions = true,
        description = "A node without a model, made to be killed.")
public final class LightNode implements NodeAgent, Callable<Integer> {
    static final String ROLE = "light";
    public static final String STREAM = "pulse";

    /** Counter of the pulses read. */
    public static final String READS = "reads";

    private static final int MAX_READERS = 32;

    @Mixin private NodeOptions options;

    @Option(
            names = "--period-ms",
            defaultValue = "20",
            description = "Time between pulses (default: ${DEFAULT-VALUE}).")
    private long periodMs;

    @Option(
            names = "--words",
            defaultValue = "512",
            description = "Words of a pulse (default: ${DEFAULT-VALUE}).")
    private int words;

    private final Map<String, Subscription> pulses = new HashMap<>();
    private Node node;
    private StreamWriter pulse;
    private Counter reads;
    private long count;
    private long nextPulseNs = Long.MIN_VALUE;

    /** Runs the node. */
    public static void main(String[] args) {
        NodeMain.main(new LightNode(), args);
    }

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("light", ROLE), this);
    }

    @Override
    public void onStart(Node started) throws Exception {
        node = started;
        reads = node.counters().counter(READS);
        pulse = node.publish(StreamSpec.of(STREAM, DType.I64, words).maxReaders(MAX_READERS));
        node.reads("*/" + STREAM);
    }

    @Override
    public int doWork() {
        for (PeerView peer : node.peers()) {
            if (peer.role().equals(ROLE) && !pulses.containsKey(peer.name())) {
                pulses.put(
                        peer.name(), node.subscribe(peer.name() + "/" + STREAM, ReadMode.LATEST));
            }
        }
        int work = 0;
        for (Subscription subscription : pulses.values()) {
            work += read(subscription);
        }
        long nowNs = System.nanoTime();
        if (nowNs >= nextPulseNs) {
            nextPulseNs = nowNs + periodMs * 1_000_000;
            publish(nowNs);
            work++;
        }
        return work;
    }

    private void publish(long nowNs) {
        try (Claim claim = pulse.claim()) {
            long value = FrameNumber.of(node.incarnation(), ++count);
            MemorySegment payload = claim.payload();
            for (long at = 0; at < payload.byteSize(); at += 8) {
                payload.set(ValueLayout.JAVA_LONG, at, value);
            }
            claim.commit(value, nowNs);
        }
    }

    private int read(Subscription subscription) {
        try (Lease lease = subscription.poll()) {
            if (lease == null) {
                return 0;
            }
            MemorySegment payload = lease.payload();
            for (long at = 0; at < payload.byteSize(); at += 8) {
                if (payload.get(ValueLayout.JAVA_LONG, at) != lease.frameNumber()) {
                    throw new IllegalStateException(
                            "torn: node="
                                    + subscription.node()
                                    + " byte="
                                    + at
                                    + " frame="
                                    + lease.frameNumber());
                }
            }
            reads.increment();
            return 1;
        }
    }
}
