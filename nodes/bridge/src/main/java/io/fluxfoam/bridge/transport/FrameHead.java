package io.fluxfoam.bridge.transport;

/** What is said of a tensor beside its bytes. Reused, so that nothing is allocated for a tensor. */
public final class FrameHead {
    /** Most dimensions of a tensor. */
    public static final int MAX_RANK = 8;

    private long sequence;
    private long frameNumber;
    private long captureNs;
    private long publishNs;
    private long tag;
    private long payloadBytes;
    private int rank;
    private final long[] shape = new long[MAX_RANK];

    /** Sets all but the shape. */
    public FrameHead set(
            long newSequence,
            long newFrameNumber,
            long newCaptureNs,
            long newPublishNs,
            long newTag,
            long newPayloadBytes) {
        sequence = newSequence;
        frameNumber = newFrameNumber;
        captureNs = newCaptureNs;
        publishNs = newPublishNs;
        tag = newTag;
        payloadBytes = newPayloadBytes;
        return this;
    }

    /** Sets the number of dimensions. */
    public void rank(int newRank) {
        rank = newRank;
    }

    /** Sets the size of one dimension. */
    public void dim(int index, long size) {
        shape[index] = size;
    }

    public int rank() {
        return rank;
    }

    /** Size of one dimension, outermost first. */
    public long dim(int index) {
        return shape[index];
    }

    /** Number of the commit in its stream. */
    public long sequence() {
        return sequence;
    }

    public long frameNumber() {
        return frameNumber;
    }

    /** In the clock of the box where it was captured. */
    public long captureNs() {
        return captureNs;
    }

    /** In the clock of the box where it was committed. */
    public long publishNs() {
        return publishNs;
    }

    public long tag() {
        return tag;
    }

    public long payloadBytes() {
        return payloadBytes;
    }
}
