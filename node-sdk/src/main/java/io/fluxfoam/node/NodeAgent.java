package io.fluxfoam.node;

/**
 * What a node does. Every method but {@link #onLoad} runs on the node's duty-cycle thread. An
 * exception ends the process with exit code 1, after it has been recorded in the error log: whoever
 * started the node starts it again.
 */
public interface NodeAgent {
    /**
     * Declares the streams that the node publishes and reads. The manifest goes out when it
     * returns.
     */
    void onStart(Node node) throws Exception;

    /**
     * Slow preparations such as loading a model, on a thread of their own while the heart beats.
     * {@link #doWork} is called only after it has returned.
     */
    default void onLoad() throws Exception {}

    /**
     * One turn of the duty cycle; well below a second. Returns how much was done, 0 if there was
     * nothing to do. A node that does nothing for a second turns only every 400 ms, or when one of
     * its streams or {@link Node#wake} calls it.
     */
    int doWork() throws Exception;

    /**
     * The last call, after SIGTERM; {@link #onLoad} may then still run on its thread. Not called
     * after a failure.
     */
    default void onStop() throws Exception {}
}
