package io.fluxfoam.bridge;

import io.fluxfoam.bridge.transport.ChunkReceiver;
import io.fluxfoam.bridge.transport.FrameHead;
import io.fluxfoam.bridge.transport.FrameSink;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A stream of a mirror: each tensor is put together in its slot here, and committed under its
 * original's frame number, tag and shape. It outlives the session that feeds it: what a later one
 * sends again is known by its number.
 */
final class MirroredStream implements FrameSink {
    private static final int FRAGMENTS_PER_TURN = 64;

    private final StreamWriter writer;
    private final long[] maxShape;
    private final int elementBytes;
    private final long[] shape;
    private final SlotBuffers buffers;
    private final LinkFigures figures;
    private final RoundTrips trips;
    private ChunkReceiver receiver;
    private Claim claim;
    private long lastSequence;
    private long refused;
    private long bytesBefore;

    MirroredStream(Node mirror, StreamCard card, LinkFigures figures, RoundTrips trips)
            throws IOException {
        StreamSpec spec = card.spec();
        this.writer = mirror.publish(spec);
        this.maxShape = spec.maxShape();
        this.elementBytes = spec.dtype().bytes();
        this.shape = new long[maxShape.length];
        this.buffers = new SlotBuffers(spec.slots());
        this.figures = figures;
        this.trips = trips;
    }

    /** Hears this receiver from now on. */
    void connect(ChunkReceiver newReceiver) {
        disconnect();
        receiver = newReceiver;
        refused = 0;
    }

    void disconnect() {
        if (receiver != null) {
            bytesBefore += receiver.receivedBytes();
            receiver.close();
            receiver = null;
        }
    }

    /** Takes what has come; returns how much. */
    int poll() {
        if (receiver == null) {
            return 0;
        }
        int work = receiver.poll(FRAGMENTS_PER_TURN);
        if (receiver.refused() != refused) {
            figures.refused().add(receiver.refused() - refused);
            refused = receiver.refused();
        }
        return work;
    }

    @Override
    public ByteBuffer open(FrameHead head) {
        if (head.sequence() <= lastSequence || !takeShape(head)) {
            return null;
        }
        claim = writer.claim();
        claim.shape(shape).tag(head.tag());
        return buffers.of(claim.payload());
    }

    private boolean takeShape(FrameHead head) {
        boolean fits = head.rank() == maxShape.length;
        long bytes = elementBytes;
        for (int i = 0; fits && i < maxShape.length; i++) {
            shape[i] = head.dim(i);
            fits = shape[i] >= 0 && shape[i] <= maxShape[i];
            bytes *= shape[i];
        }
        return fits && bytes == head.payloadBytes();
    }

    @Override
    public void commit(FrameHead head, int crc32c) {
        claim.checksum(crc32c).commit(head.frameNumber(), head.captureNs() - trips.offsetNs());
        claim = null;
        figures.received().increment();
        if (lastSequence > 0) {
            figures.dropped().add(head.sequence() - lastSequence - 1);
        }
        lastSequence = head.sequence();
    }

    @Override
    public void abort() {
        claim.close();
        claim = null;
    }

    /** Whether all that was sent up to this commit is here. */
    boolean hasAll(long sequence) {
        return receiver == null || lastSequence >= sequence;
    }

    long receivedBytes() {
        return bytesBefore + (receiver == null ? 0 : receiver.receivedBytes());
    }
}
