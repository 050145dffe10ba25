package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.transport.Route;

/**
 * One phase on one route, as both processes are told it.
 *
 * @param route number of the route
 * @param phase what is measured
 * @param pattern how much the reader reads
 * @param payloadBytes size of every message
 * @param warmups messages before the first that counts
 * @param messages messages that count, at most
 * @param maxNs after this time the writer sends no more than the fewest that make sense
 */
record Task(
        int route,
        Route.Phase phase,
        Pattern pattern,
        long payloadBytes,
        int warmups,
        long messages,
        long maxNs) {
    private static final long FEWEST = 3;

    /** As one line of a command. */
    String toLine() {
        return String.join(
                " ",
                Integer.toString(route),
                phase.name(),
                pattern.name(),
                Long.toString(payloadBytes),
                Integer.toString(warmups),
                Long.toString(messages),
                Long.toString(maxNs));
    }

    static Task ofLine(String line) {
        String[] words = line.split(" ");
        return new Task(
                Integer.parseInt(words[0]),
                Route.Phase.valueOf(words[1]),
                Pattern.valueOf(words[2]),
                Long.parseLong(words[3]),
                Integer.parseInt(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]));
    }

    /**
     * Sequence before that of the first message: no two routes of two processes have one in common.
     */
    long sequenceBase() {
        return (long) route << 32;
    }

    /** Whether the message with this number, from 1, is to be the last. */
    boolean isLast(long number, long elapsedNs) {
        return number >= warmups + messages || number >= warmups + FEWEST && elapsedNs > maxNs;
    }
}
