package io.fluxfoam.bench.transport;

import java.nio.file.Path;

/**
 * Where and for what a writer and a reader meet.
 *
 * @param number of this route in the life of the two processes, from 1
 * @param directory for files of this route alone, existing and empty
 * @param payloadBytes size of every message
 * @param phase what is measured
 * @param pingPongNs what a cache line took from process to process just before, as the writer
 *     measured it
 */
public record Route(int number, Path directory, long payloadBytes, Phase phase, double pingPongNs) {
    /** What is measured on a route. */
    public enum Phase {
        /** One message in flight: the time from its sending to its having been read. */
        LATENCY,
        /** As many in flight as the transport takes: messages a second. */
        RATE
    }
}
