package io.fluxfoam.bench.transport;

/**
 * One way to hand messages from a writer process to a reader process. Each process has its own
 * object of it and opens its end of many routes with it, one after another, the writer first.
 * Belongs to one thread.
 */
public interface Transport extends AutoCloseable {
    /** Opens the writer's end. When it returns, a reader finds all that it needs. */
    Outlet write(Route route) throws Exception;

    /** Opens the reader's end. */
    Inlet read(Route route) throws Exception;

    /** Number of the transport's own messages that one payload of this size needs. */
    default int chunks(long payloadBytes) {
        return 1;
    }

    @Override
    default void close() {}
}
