package io.fluxfoam.tests.torture;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A node that comes, publishes some tensors, and goes by itself. Arguments: foam, name. */
final class LeavingProcess implements NodeAgent {
    private static final int COMMITS = 200;
    private static final long PACE_NS = 1_000_000;

    private final CountDownLatch todo = new CountDownLatch(COMMITS);
    private Node node;
    private StreamWriter ticks;

    private LeavingProcess() {}

    public static void main(String[] args) throws Exception {
        LeavingProcess agent = new LeavingProcess();
        Path foam = Path.of(args[0]);
        NodeRunner runner =
                NodeRunner.launch(
                        new NodeContext().foam(foam).name(args[1]).role("leaving"), agent);
        agent.todo.await();
        Path manifest = foam.resolve(args[1] + "." + runner.node().incarnation() + ".manifest");
        while (Files.notExists(manifest)) {
            LockSupport.parkNanos(PACE_NS);
        }
        runner.stop();
        Throwable failure = runner.await();
        if (failure != null) {
            failure.printStackTrace();
        }
        Runtime.getRuntime().halt(failure == null ? 0 : 1);
    }

    @Override
    public void onStart(Node started) throws Exception {
        node = started;
        ticks = node.publish(StreamSpec.of("ticks", DType.I64, 64));
    }

    @Override
    public int doWork() {
        LockSupport.parkNanos(PACE_NS);
        try (Claim claim = ticks.claim()) {
            long value = FrameNumber.of(node.incarnation(), ticks.sequence() + 1);
            for (int i = 0; i < 64; i++) {
                claim.payload().setAtIndex(ValueLayout.JAVA_LONG, i, value);
            }
            claim.commit(value, System.nanoTime());
        }
        todo.countDown();
        return 1;
    }
}
