package io.fluxfoam.bench.ipc;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One row of the result, in the names of the JSON. A figure that could not be measured is null; if
 * none could, {@code reason} says why.
 *
 * @param transport what carried the messages
 * @param waiting how the reader waited
 * @param pattern what of a message it read
 * @param payloadBytes size of a message
 * @param chunks messages of the transport's own in one payload
 * @param samples latencies measured, over all repetitions
 * @param pingPongNs one cache line, one way, measured just before; median of the repetitions
 * @param copyGigabytesPerSecond one thread copying memory of this size, measured just before;
 *     median of the repetitions
 * @param p50Ns median of the repetitions' medians
 * @param p99Ns of all samples, if there are 1,000
 * @param p999Ns of all samples, if there are 10,000
 * @param messagesPerSecond median of the repetitions
 * @param gigabytesPerSecond the same in bytes
 * @param reason why there are no figures; null if there are
 */
@JsonPropertyOrder({
    "transport",
    "wait",
    "pattern",
    "payloadBytes",
    "chunks",
    "samples",
    "pingPongNs",
    "copyGigabytesPerSecond",
    "p50Ns",
    "p99Ns",
    "p999Ns",
    "messagesPerSecond",
    "gigabytesPerSecond",
    "reason"
})
record Row(
        String transport,
        @JsonProperty("wait") String waiting,
        String pattern,
        long payloadBytes,
        Integer chunks,
        Integer samples,
        Double pingPongNs,
        Double copyGigabytesPerSecond,
        Double p50Ns,
        Double p99Ns,
        Double p999Ns,
        Double messagesPerSecond,
        Double gigabytesPerSecond,
        String reason) {
    static Row unmeasured(Cell cell, String reason) {
        return new Row(
                cell.transport().label(),
                cell.waiting().label(),
                cell.pattern().label(),
                cell.payloadBytes(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                reason);
    }

    boolean isMeasured() {
        return reason == null;
    }
}
