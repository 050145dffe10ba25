package io.fluxfoam.launch;

import io.fluxfoam.liveness.FileTree;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
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
 * The start of a node, from its mark to its first commit and to the first that it reads of another,
 * in a foam of its own where nobody sees it: what the JVM loads and compiles for it is there when
 * it counts.
 */
final class Rehearsal {
    private static final int TIMES = 3;
    private static final long TIMEOUT_SECONDS = 10;
    private static final String SPEAKER = "speaker";
    private static final String LISTENER = "listener";
    private static final String LINES = "lines";

    private Rehearsal() {}

    /**
     * Plays it a few times, and leaves nothing.
     *
     * @param scratch a directory that is not there
     */
    static void play(Path scratch) throws IOException, InterruptedException {
        try {
            for (int i = 0; i < TIMES; i++) {
                CountDownLatch heard = new CountDownLatch(1);
                try (NodeRunner _ = launch(scratch, SPEAKER, new Speaker());
                        NodeRunner _ = launch(scratch, LISTENER, new Listener(heard))) {
                    var _ = heard.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                }
            }
        } finally {
            FileTree.remove(scratch);
        }
    }

    private static NodeRunner launch(Path foam, String name, NodeAgent agent) throws IOException {
        return NodeRunner.launch(new NodeContext().foam(foam).name(name).role(name), agent);
    }

    /** Commits once. */
    private static final class Speaker implements NodeAgent {
        private @Nullable StreamWriter lines;
        private boolean hasSpoken;

        @Override
        public void onStart(Node node) throws IOException {
            lines = node.publish(StreamSpec.of(LINES, DType.U8, 1));
        }

        @Override
        public int doWork() {
            if (hasSpoken) {
                return 0;
            }
            try (Claim claim = Objects.requireNonNull(lines).claim()) {
                claim.commit(0, System.nanoTime());
            }
            hasSpoken = true;
            return 1;
        }
    }

    /** Waits for that. */
    private static final class Listener implements NodeAgent {
        private final CountDownLatch heard;
        private @Nullable Subscription lines;

        private Listener(CountDownLatch heard) {
            this.heard = heard;
        }

        @Override
        public void onStart(Node node) {
            lines = node.subscribe(SPEAKER + "/" + LINES, ReadMode.LATEST);
        }

        @Override
        public int doWork() {
            try (Lease lease = Objects.requireNonNull(lines).poll()) {
                if (lease == null) {
                    return 0;
                }
                heard.countDown();
                return 1;
            }
        }
    }
}
