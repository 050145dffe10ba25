package io.fluxfoam.cli.tape;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.tape.TapeState;

/** A stream that is recorded, over all lives of its writer. */
final class RecordedStream {
    /** A living writer notes the time of a commit within a microsecond. */
    private static final long UNDATED_NS = 50_000_000L;

    private final String node;
    private final String name;
    private final Subscription subscription;
    private Lease lease;
    private long leasedNs;
    private long lastNs;
    private boolean isFirst;
    private long tensors;
    private long lost;

    RecordedStream(Node recorder, String node, String name, TapeState state) {
        this.node = node;
        this.name = name;
        this.isFirst = !state.knows(target());
        subscription = recorder.subscribe(target(), ReadMode.FROM_OLDEST);
    }

    String node() {
        return node;
    }

    String name() {
        return name;
    }

    /** {@code NODE/STREAM}. */
    String target() {
        return node + "/" + name;
    }

    /**
     * Leases the next commit that is not on the tape yet, if none is leased. Commits from before
     * the recorder came are not lost; those that are missing from then on are.
     */
    void fill(TapeState state, long nowNs) {
        while (lease == null) {
            lease = subscription.poll();
            if (lease == null) {
                return;
            }
            leasedNs = nowNs;
            if (lease.sequence() <= state.sequence(target(), lease.incarnation())) {
                close(); // the recorder's life before has recorded it
            }
        }
    }

    /** The open lease, or null. */
    Lease lease() {
        return lease;
    }

    /**
     * When what is leased was committed. For the instant until its writer has noted that, it is
     * later than anything; if it never did, because it died just there, right after the one before.
     */
    long committedNs(long nowNs) {
        long published = lease.publishNs();
        if (published != 0) {
            return published;
        }
        return nowNs - leasedNs > UNDATED_NS ? lastNs : Long.MAX_VALUE;
    }

    /** Ends the lease of what is on the tape now, and counts what is missing before it. */
    void recorded(long before, long committedNs) {
        lost += isFirst ? 0 : lease.sequence() - before - 1;
        isFirst = false;
        tensors++;
        lastNs = committedNs;
        close();
    }

    /** Ends the lease of what cannot be recorded. */
    void pass() {
        lost++;
        close();
    }

    private void close() {
        lease.close();
        lease = null;
    }

    /** Whether nothing is left to read of this incarnation, which has ended. */
    boolean isReadToItsEnd(long incarnation) {
        return lease == null || lease.incarnation() != incarnation;
    }

    boolean isConnected() {
        return subscription.connected();
    }

    long tensors() {
        return tensors;
    }

    long lost() {
        return lost;
    }
}
