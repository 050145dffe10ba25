package io.fluxfoam.bench.gpu;

/**
 * What both processes of a pair are told to do next.
 *
 * @param verb one of the constants
 * @param warmups messages before the first that counts
 * @param messages messages that count
 */
record GpuTask(String verb, int warmups, int messages) {
    /** One message at a time; the reader replies with latencies. */
    static final String LATENCY = "latency";

    /** As fast as the reader takes them; the reader replies with messages and nanoseconds. */
    static final String RATE = "rate";

    /** Both kernels in the writer's process; the writer replies with latencies. */
    static final String ALONE = "alone";

    /**
     * The reader joins the stream and leaves it; it replies with the median nanoseconds of both.
     */
    static final String JOIN = "join";

    /** Follows figures of {@link #LATENCY} if the host's pages could not be pinned. */
    static final String NOT_PINNED = "not-pinned";

    String toLine() {
        return verb + " " + warmups + " " + messages;
    }

    static GpuTask ofLine(String line) {
        String[] words = line.split(" ");
        return new GpuTask(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    }

    int all() {
        return warmups + messages;
    }
}
