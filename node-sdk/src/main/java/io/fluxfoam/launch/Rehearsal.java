package io.fluxfoam.launch;

import io.fluxfoam.liveness.FileTree;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The start of a node, from its mark to its first commit, in a foam of its own where nobody sees
 * it: what the JVM loads and compiles for it is there when it counts.
 */
final class Rehearsal implements NodeAgent {
    private static final int TIMES = 3;
    private static final long TIMEOUT_SECONDS = 10;

    private final CountDownLatch committed = new CountDownLatch(1);
    private @Nullable StreamWriter stream;

    private Rehearsal() {}

    /**
     * Plays it a few times, and leaves nothing.
     *
     * @param scratch a directory that is not there
     */
    static void play(Path scratch) throws IOException, InterruptedException {
        try {
            for (int i = 0; i < TIMES; i++) {
                Rehearsal rehearsal = new Rehearsal();
                NodeContext context =
                        new NodeContext().foam(scratch).name("rehearsal").role("rehearsal");
                try (NodeRunner _ = NodeRunner.launch(context, rehearsal)) {
                    var _ = rehearsal.committed.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                }
            }
        } finally {
            FileTree.remove(scratch);
        }
    }

    @Override
    public void onStart(Node node) throws IOException {
        stream = node.publish(StreamSpec.of("lines", DType.U8, 1));
    }

    @Override
    public int doWork() {
        if (committed.getCount() == 0) {
            return 0;
        }
        try (Claim claim = Objects.requireNonNull(stream).claim()) {
            claim.commit(0, System.nanoTime());
        }
        committed.countDown();
        return 1;
    }
}
