package io.fluxfoam.device;

/**
 * Words of a control file as a queue of work reaches them: a store that happens when the work
 * before it is done and visible to every device, and a wait that holds back the work behind it.
 * Belongs to its queue's thread.
 */
public interface Fence extends AutoCloseable {
    /**
     * Stores the word behind all work queued so far, with release. At once on the host, where all
     * work is done.
     */
    void store(long offset, long value);

    /** Whether {@link #awaitAtLeast} may be called: not on the host, and not on every GPU. */
    boolean canAwait();

    /**
     * Lets the work queued from now on begin only when the word is at least {@code value} (signed).
     */
    void awaitAtLeast(long offset, long value);

    /** Whether a store is in memory when {@link #store} returns. */
    boolean isImmediate();

    /** Gives the words back, after the stores and waits on them are over. May be done twice. */
    @Override
    void close();
}
