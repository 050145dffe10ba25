package io.fluxfoam.bridge;

import io.fluxfoam.bridge.transport.ChunkSender;
import io.fluxfoam.bridge.transport.FrameHead;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/**
 * A stream on its way to one peer, through all lives of its writer. The tensor that is being sent
 * is under a lease, so it is sent from its own slot; the writer goes on in the others. While the
 * link takes nothing, commits go by and are counted: nobody here waits for it.
 */
final class ExportedStream {
    private static final int CHUNKS_PER_TURN = 16;

    /** So long after the last progress a waiting stream keeps the duty cycle awake. */
    private static final long EAGER_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Node node;
    private final String name;
    private final Subscription subscription;
    private final ExportFigures figures;
    private final FrameHead head = new FrameHead();
    private final SlotBuffers buffers = new SlotBuffers(64);
    private ChunkSender sender;
    private long life;
    private Lease lease;

    /** Of a life that the peer has not been told of yet. */
    private Lease held;

    private long lastSent;
    private long missed;
    private long progressNs;

    ExportedStream(Node node, String peer, String name, boolean isNewest, ExportFigures figures) {
        this.node = node;
        this.name = name;
        this.figures = figures;
        this.subscription =
                node.subscribe(
                        peer + "/" + name, isNewest ? ReadMode.LATEST : ReadMode.FROM_OLDEST);
    }

    String name() {
        return name;
    }

    /** From now on tensors of this life may be sent. */
    void begin(long incarnation, ChunkSender newSender) {
        life = incarnation;
        sender = newSender;
        lastSent = 0;
        if (held != null) {
            Lease next = held;
            held = null;
            take(next);
        }
    }

    /** Sends what there is and the link takes; returns how much was done. */
    int turn(long nowNs) {
        if (sender == null || !sender.isConnected()) {
            return 0;
        }
        int work = 0;
        while (work < CHUNKS_PER_TURN && (lease != null || poll())) {
            if (!sender.advance()) {
                boolean isEager = work > 0 || nowNs - progressNs < EAGER_NS;
                progressNs = work > 0 ? nowNs : progressNs;
                return isEager ? Math.max(1, work) : 0;
            }
            work++;
            if (sender.isDone()) {
                sent();
            }
        }
        progressNs = work > 0 ? nowNs : progressNs;
        return work;
    }

    /** Leases the next tensor of this life and begins to send it. */
    private boolean poll() {
        if (held != null) {
            return false;
        }
        Lease next = subscription.poll();
        countMissed();
        return next != null && take(next);
    }

    /** One of a later life waits until the peer knows of that; one of an earlier is too late. */
    private boolean take(Lease next) {
        if (next.incarnation() > life) {
            held = next;
        } else if (next.incarnation() < life) {
            figures.dropped().increment();
            next.close();
        } else {
            lease = next;
            begin(next);
        }
        return lease != null;
    }

    private void begin(Lease next) {
        head.set(
                next.sequence(),
                next.frameNumber(),
                next.captureNs(),
                next.publishNs(),
                next.tag(),
                next.payloadBytes());
        head.rank(next.rank());
        for (int i = 0; i < next.rank(); i++) {
            head.dim(i, next.dim(i));
        }
        MemorySegment payload = next.payload();
        sender.begin(head, payload, buffers.of(payload));
    }

    private void sent() {
        figures.sent().increment();
        figures.sentBytes().add(lease.payloadBytes());
        lastSent = lease.sequence();
        lease.close();
        lease = null;
    }

    private void countMissed() {
        long now = subscription.missed();
        figures.dropped().add(now - missed);
        missed = now;
    }

    /** Whether nothing of this life is left to send. */
    boolean isDrained() {
        return lease == null && !poll();
    }

    /** The last commit of this life that was sent. */
    long lastSent() {
        return lastSent;
    }

    /** The life has ended; a tensor of the next one may be under lease already. */
    void end() {
        if (sender != null) {
            sender.close();
            sender = null;
        }
        lease = drop(lease);
        buffers.clear();
    }

    private Lease drop(Lease unsent) {
        if (unsent != null) {
            figures.dropped().increment();
            unsent.close();
        }
        return null;
    }

    void close() {
        end();
        held = drop(held);
        node.unsubscribe(subscription);
    }
}
