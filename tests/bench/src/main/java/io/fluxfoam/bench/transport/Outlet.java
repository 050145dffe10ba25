package io.fluxfoam.bench.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A writer's end of a route. */
public interface Outlet extends AutoCloseable {
    /**
     * Where the next message is to be written: the transport's own memory if it can be written in
     * place, else a private buffer that {@link #send} copies from.
     */
    MemorySegment claim() throws Exception;

    /** Hands over what was written since {@link #claim}. */
    void send() throws Exception;

    /**
     * Most messages that may be sent and not yet read; for a transport that does not hold its
     * writer back by itself.
     */
    default long window() {
        return Long.MAX_VALUE;
    }

    /**
     * Whether threads of the transport carry the message on, so that the writer should leave them
     * its core while it waits.
     */
    default boolean hasThreads() {
        return false;
    }

    @Override
    void close() throws IOException;
}
