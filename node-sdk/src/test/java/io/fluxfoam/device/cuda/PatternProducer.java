package io.fluxfoam.device.cuda;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Random;
import java.util.concurrent.Callable;

/** Fills slots by a kernel, each with a pattern of its own, as fast as its GPU does. */
@Command(name = "pattern-producer")
public final class PatternProducer implements NodeAgent, Callable<Integer> {
    static final String STREAM = "pattern";
    static final long WORDS = 1 << 13;

    @Mixin private NodeOptions options;

    /** The commit with this number never arrives: the kernel before it takes a minute. */
    @Option(names = "--stuck-at")
    private long stuckAt = Long.MAX_VALUE;

    private final Random random = new Random();
    private Node node;
    private StreamWriter writer;
    private PatternKernels kernels;

    @Override
    public void onStart(Node newNode) throws Exception {
        node = newNode;
        StreamSpec spec =
                StreamSpec.of(STREAM, DType.I32, WORDS)
                        .checksum(Checksum.NONE)
                        .maxReaders(5)
                        .slots(10);
        writer = node.publish(spec);
        kernels = new PatternKernels(node.device());
    }

    @Override
    public int doWork() {
        if (writer.inFlight() > 2 || writer.sequence() >= stuckAt) {
            return 0;
        }
        long number = writer.sequence() + 1;
        int seed = (int) (node.incarnation() << 24 | number);
        try (Claim claim = writer.claim()) {
            long lingerNs =
                    number == stuckAt ? 60_000_000_000L : random.nextInt(4) == 0 ? 2_000_000 : 0;
            if (lingerNs > 0) {
                kernels.linger(lingerNs);
            }
            kernels.fill(claim.memory(), WORDS, seed);
            claim.tag(seed).commit(number, System.nanoTime());
        }
        return 1;
    }

    @Override
    public Integer call() throws Exception {
        CudaProcess.endWithParent();
        return NodeMain.run(options.context("producer", "producer"), this);
    }

    public static void main(String[] args) {
        NodeMain.main(new PatternProducer(), args);
    }
}
