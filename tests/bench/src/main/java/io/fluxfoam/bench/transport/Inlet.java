package io.fluxfoam.bench.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A reader's end of a route. */
public interface Inlet extends AutoCloseable {
    /**
     * Hands one message after another to the handler, waiting for each in the transport's way,
     * until the handler has enough.
     */
    void receive(Handler handler) throws Exception;

    @Override
    void close() throws IOException;

    /** Takes messages. */
    @FunctionalInterface
    interface Handler {
        /**
         * Takes one.
         *
         * @param payload the complete message; valid during the call
         * @return whether another is wanted
         */
        boolean onMessage(MemorySegment payload);
    }
}
