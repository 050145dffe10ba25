package io.fluxfoam.node;

/**
 * What a node does. Every method but {@link #onPrepare}, {@link #onRehearse} and {@link #onLoad}
 * runs on the node's duty-cycle thread. An exception ends the process with exit code 1, after it
 * has been recorded in the error log: whoever started the node starts it again.
 */
public interface NodeAgent {
    /**
     * What can be done without a foam and takes long, such as loading a model: called once, by a
     * standby while it waits for the node's name, before {@link #onStart}; else on the thread of
     * {@link #onLoad}, just before it. What others may change meanwhile, a checkpoint for example,
     * has to wait for {@link #onLoad}.
     */
    default void onPrepare() throws Exception {}

    /**
     * A standby's, after {@link #onPrepare}: may try out what a turn does, into memory of its own,
     * so that the first real one finds everything loaded and compiled.
     */
    default void onRehearse() throws Exception {}

    /**
     * Declares the streams that the node publishes and reads. The manifest goes out when it
     * returns.
     */
    void onStart(Node node) throws Exception;

    /**
     * Slow preparations that need the foam, on a thread of their own while the heart beats. {@link
     * #doWork} is called only after it has returned.
     */
    default void onLoad() throws Exception {}

    /**
     * One turn of the duty cycle; well below a second. Returns how much was done, 0 if there was
     * nothing to do. A node that does nothing for a second turns only every 400 ms, or when one of
     * its streams or {@link Node#wake} calls it.
     */
    int doWork() throws Exception;

    /**
     * The last call, after SIGTERM. Not called after a failure, nor if {@link #onLoad} has not
     * returned after three seconds: the process then ends in the middle of it.
     */
    default void onStop() throws Exception {}
}
