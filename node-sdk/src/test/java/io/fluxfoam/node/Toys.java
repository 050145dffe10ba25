package io.fluxfoam.node;

import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/** Agents that do one small thing each, for tests that look at what surrounds an agent. */
final class Toys {
    private Toys() {}

    /** Joins, and turns. */
    static class Idler implements NodeAgent {
        final AtomicLong turns = new AtomicLong();
        volatile Node node;

        @Override
        public void onStart(Node started) throws Exception {
            node = started;
        }

        @Override
        public int doWork() throws Exception {
            turns.incrementAndGet();
            return 0;
        }
    }

    /** Publishes as many tensors as it has been asked for. The value of a tensor is its number. */
    static class Publisher extends Idler {
        final AtomicLong wanted = new AtomicLong();
        private final StreamSpec spec;
        private long done;
        private StreamWriter stream;

        Publisher(StreamSpec spec) {
            this.spec = spec;
        }

        @Override
        public void onStart(Node started) throws Exception {
            super.onStart(started);
            stream = started.publish(spec);
        }

        @Override
        public int doWork() throws Exception {
            super.doWork();
            if (done == wanted.get()) {
                return 0;
            }
            try (Claim claim = stream.claim()) {
                claim.payload().set(ValueLayout.JAVA_LONG, 0, ++done);
                claim.commit(done, System.nanoTime());
            }
            return 1;
        }
    }

    /** Reads a stream and remembers the newest value. */
    static class Reader extends Idler {
        final AtomicLong last = new AtomicLong();
        final AtomicLong reads = new AtomicLong();
        volatile Subscription subscription;
        private final String target;
        private final ReadMode mode;

        Reader(String target, ReadMode mode) {
            this.target = target;
            this.mode = mode;
        }

        @Override
        public void onStart(Node started) throws Exception {
            super.onStart(started);
            subscription = started.subscribe(target, mode);
        }

        @Override
        public int doWork() throws Exception {
            super.doWork();
            try (Lease lease = subscription.poll()) {
                if (lease == null) {
                    return 0;
                }
                last.set(lease.payload().get(ValueLayout.JAVA_LONG, 0));
                reads.incrementAndGet();
                return 1;
            }
        }
    }

    /** Leases the first tensor that it sees and keeps it. */
    static class Keeper extends Reader {
        volatile Lease kept;

        Keeper(String target) {
            super(target, ReadMode.LATEST);
        }

        @Override
        public int doWork() throws IOException {
            turns.incrementAndGet();
            if (kept != null) {
                return 0;
            }
            kept = subscription.poll();
            return kept == null ? 0 : 1;
        }
    }
}
