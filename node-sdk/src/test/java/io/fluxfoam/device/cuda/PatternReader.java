package io.fluxfoam.device.cuda;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.device.Buffer;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.WaitMode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Looks at every word of what producers committed, by a kernel on the device it is told, or on the
 * host.
 */
@Command(name = "pattern-reader")
public final class PatternReader implements NodeAgent, Callable<Integer> {
    /** Counter of the words that were not what the producer wrote. */
    public static final String WRONG_WORDS = "wrongWords";

    @Mixin private NodeOptions options;

    @Option(names = "--from", split = ",", required = true)
    private List<String> producers;

    @Option(names = "--mode")
    private ReadMode mode = ReadMode.LATEST;

    @Option(names = "--wait")
    private WaitMode waitMode = WaitMode.POLL;

    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<Counter> reads = new ArrayList<>();
    private final List<Counter> incarnations = new ArrayList<>();
    private Counter wrong;
    private Counter discarded;
    private Counter copied;
    private Counter connected;
    private PatternKernels kernels;
    private Buffer expected;

    @Override
    public void onStart(Node node) {
        wrong = node.counters().counter(WRONG_WORDS);
        discarded = node.counters().counter("discarded");
        copied = node.counters().counter("copiedLeases");
        connected = node.counters().counter("connected");
        for (String producer : producers) {
            subscriptions.add(
                    node.subscribe(producer + "/" + PatternProducer.STREAM, mode, waitMode));
            reads.add(node.counters().counter("reads." + producer));
            incarnations.add(node.counters().counter(incarnationOf(producer)));
        }
        expected = node.device().allocateHost(PatternProducer.WORDS * Integer.BYTES);
        kernels = node.device().name().equals("host") ? null : new PatternKernels(node.device());
    }

    @Override
    public int doWork() {
        int work = 0;
        connected.set(subscriptions.stream().filter(Subscription::connected).count());
        for (int i = 0; i < subscriptions.size(); i++) {
            try (Lease lease = subscriptions.get(i).poll()) {
                if (lease != null) {
                    read(lease);
                    reads.get(i).increment();
                    incarnations.get(i).set(lease.incarnation());
                    work++;
                }
            }
        }
        return work;
    }

    /** Counter of the newest incarnation of the producer that was read. */
    public static String incarnationOf(String producer) {
        return "incarnation." + producer;
    }

    private void read(Lease lease) {
        int wrongWords = kernels == null ? wrongOnHost(lease) : wrongOnGpu(lease);
        if (lease.confirm()) {
            wrong.add(wrongWords);
        } else {
            discarded.increment();
        }
        if (lease.isCopied()) {
            copied.increment();
        }
    }

    private int wrongOnGpu(Lease lease) {
        kernels.countWrong(lease.memory(), PatternProducer.WORDS, (int) lease.tag());
        // ends the wait if the producer is dead; what it says may change until our work is done
        lease.confirm();
        return kernels.wrong();
    }

    private int wrongOnHost(Lease lease) {
        MemorySegment pattern = expected.memory().segment();
        PatternKernels.fillOnHost(pattern, (int) lease.tag());
        int count = 0;
        MemorySegment payload = lease.payload();
        for (long i = 0; i < PatternProducer.WORDS; i++) {
            count +=
                    payload.getAtIndex(ValueLayout.JAVA_INT, i)
                                    == pattern.getAtIndex(ValueLayout.JAVA_INT, i)
                            ? 0
                            : 1;
        }
        return count;
    }

    @Override
    public Integer call() throws Exception {
        CudaProcess.endWithParent();
        return NodeMain.run(options.context("reader", "reader"), this);
    }

    public static void main(String[] args) {
        NodeMain.main(new PatternReader(), args);
    }
}
