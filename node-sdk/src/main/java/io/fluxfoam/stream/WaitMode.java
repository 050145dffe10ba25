package io.fluxfoam.stream;

/**
 * How a reader on a GPU comes by a commit whose producer's GPU has not finished it yet. On the host
 * every commit is finished.
 */
public enum WaitMode {
    /**
     * The CPU waits until the commit is finished, then leases it: no GPU ever waits for another
     * process.
     */
    POLL,
    /**
     * The commit is leased as soon as it is queued, and the reader's own work waits for it on the
     * GPU, with no CPU in between. If the producer dies before, the wait is ended and {@link
     * Lease#confirm} tells that what was read must be discarded. A producer that lives is waited
     * for as long as its GPU works. Where the reader's device cannot wait for a word, or the
     * payload is on another device, whose copy would not be behind the wait, it is {@link #POLL}.
     */
    GPU
}
