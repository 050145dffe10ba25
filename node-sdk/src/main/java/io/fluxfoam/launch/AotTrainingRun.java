package io.fluxfoam.launch;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What every node does at its start, done once at build time: two nodes in one process join,
 * publish, find and read each other, and leave. The JVM keeps the classes that this needs, loaded
 * and linked, in a file that every node starts with (its AOT cache); see {@code deploy/aot.sh}. Its
 * options are of the kinds that nodes have.
 */
@Command(name = "aot-training", mixinStandardHelpOptions = true)
final class AotTrainingRun implements Callable<Integer> {
    private static final long TIMEOUT_S = 30;
    private static final String TRAINING = "training";

    @Mixin private NodeOptions options;

    @Option(
            names = "--leases",
            paramLabel = "N",
            defaultValue = "3",
            description = "Leases (default: ${DEFAULT-VALUE}).")
    private int leases;

    @Option(
            names = "--value",
            paramLabel = "X",
            defaultValue = "0.5",
            description = "What is written (default: ${DEFAULT-VALUE}).")
    private double value;

    @Option(
            names = "--frame",
            paramLabel = "N",
            defaultValue = "1",
            description = "Frame number (default: ${DEFAULT-VALUE}).")
    private long frame;

    @Option(names = "--aloud", description = "Say that they met.")
    private boolean aloud;

    private AotTrainingRun() {}

    public static void main(String[] args) {
        NodeMain.main(new AotTrainingRun(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CountDownLatch read = new CountDownLatch(2 * leases);
        try (NodeRunner first = launch("first", "second", read);
                NodeRunner second = launch("second", "first", read)) {
            if (!read.await(TIMEOUT_S, TimeUnit.SECONDS)) {
                throw new IOException(
                        "the nodes "
                                + first.node().name()
                                + " and "
                                + second.node().name()
                                + " do not meet");
            }
        }
        if (aloud) {
            System.out.println("met");
        }
        return 0;
    }

    private NodeRunner launch(String name, String peer, CountDownLatch read) throws IOException {
        return NodeRunner.launch(
                options.context(name, "aot-training").name(name).command(NodeMain.commandLine()),
                new Player(peer, read));
    }

    private final class Player implements NodeAgent {
        private final String peer;
        private final CountDownLatch read;
        private Subscription subscription;
        private StreamWriter writer;

        Player(String peer, CountDownLatch read) {
            this.peer = peer;
            this.read = read;
        }

        @Override
        public void onStart(Node node) throws IOException {
            writer = node.publish(StreamSpec.of("numbers", DType.F32, 256));
            subscription = node.subscribe(peer + "/numbers", ReadMode.LATEST);
            node.counters().gauge(TRAINING).set(1);
        }

        @Override
        public int doWork() {
            try (Claim claim = writer.claim()) {
                claim.payload().set(ValueLayout.JAVA_FLOAT, 0, (float) value);
                claim.commit(frame, System.nanoTime());
            }
            try (Lease lease = subscription.poll()) {
                if (lease != null) {
                    read.countDown();
                }
            }
            return 0;
        }
    }
}
