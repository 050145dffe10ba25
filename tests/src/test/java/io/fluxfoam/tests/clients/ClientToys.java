package io.fluxfoam.tests.clients;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tests.torture.Tensors;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The JVM's part in the tests of the clients. */
final class ClientToys {
    private ClientToys() {}

    /** Writes tensors of random sizes as fast as it can. */
    static final class Scribe implements NodeAgent {
        private final StreamSpec spec;
        private final Random random;
        private final AtomicLong commits = new AtomicLong();
        private StreamWriter writer;
        private long everyNs;

        Scribe(int maxWords, int slots, int maxReaders, Checksum checksum, long seed) {
            this.spec =
                    StreamSpec.of("x", DType.I64, maxWords)
                            .maxReaders(maxReaders)
                            .slots(slots)
                            .checksum(checksum);
            this.random = new Random(seed);
        }

        /** Not as fast as it can, so that readers come to sleep. */
        Scribe everyNs(long nanoseconds) {
            everyNs = nanoseconds;
            return this;
        }

        @Override
        public void onStart(Node node) throws Exception {
            writer = node.publish(spec);
        }

        @Override
        public int doWork() {
            long sequence = writer.sequence() + 1;
            int words = 1 + random.nextInt((int) spec.maxShape()[0]);
            try (Claim claim = writer.claim()) {
                Tensors.fill(claim.payload(), 8L * words, sequence);
                claim.shape(words).commit(sequence, sequence);
            }
            commits.incrementAndGet();
            if (everyNs > 0) {
                LockSupport.parkNanos(everyNs);
            }
            return 1;
        }

        long commits() {
            return commits.get();
        }
    }

    /** Looks at every word of what another node writes, through all of its lives. */
    static final class Proofreader implements NodeAgent {
        private final String target;
        private final ReadMode mode;
        private final AtomicLong reads = new AtomicLong();
        private final AtomicLong torn = new AtomicLong();
        private final AtomicLong newest = new AtomicLong();
        private Subscription subscription;
        private long lastSequence;

        Proofreader(String target, ReadMode mode) {
            this.target = target;
            this.mode = mode;
        }

        @Override
        public void onStart(Node node) {
            subscription = node.subscribe(target, mode);
        }

        @Override
        public int doWork() {
            try (Lease lease = subscription.poll()) {
                if (lease == null) {
                    return 0;
                }
                boolean isWhole =
                        Tensors.isWhole(lease.payload(), lease.sequence())
                                && lease.frameNumber() == lease.sequence();
                boolean goesBack =
                        lease.incarnation() == newest.get() && lease.sequence() <= lastSequence;
                lastSequence = lease.sequence();
                newest.set(lease.incarnation());
                torn.addAndGet(isWhole && !goesBack ? 0 : 1);
                reads.incrementAndGet();
                return 1;
            }
        }

        long reads() {
            return reads.get();
        }

        /** Tensors that were not whole, or came after a later one. */
        long torn() {
            return torn.get();
        }

        /** Incarnation of the writer that it has read last. */
        long newestIncarnation() {
            return newest.get();
        }
    }
}
