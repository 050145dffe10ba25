package io.fluxfoam.chaos.guest;

import io.fluxfoam.node.Node;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;

/** A stream that shows that its node works: a small tensor twenty times a second. */
final class Pulse {
    static final int BYTES = 4_096;
    static final long PERIOD_NS = 50_000_000L;

    private final StreamWriter writer;
    private long count;
    private long nextNs = Long.MIN_VALUE;

    Pulse(Node node) throws IOException {
        writer = node.publish(StreamSpec.of("pulse", DType.U8, BYTES));
    }

    /** Commits if it is time to; returns the work done. */
    int beat() {
        long nowNs = System.nanoTime();
        if (nowNs < nextNs) {
            return 0;
        }
        nextNs = nowNs + PERIOD_NS;
        try (Claim claim = writer.claim()) {
            claim.payload().fill((byte) ++count);
            claim.commit(count, nowNs);
        }
        return 1;
    }

    long count() {
        return count;
    }

    StreamWriter writer() {
        return writer;
    }
}
