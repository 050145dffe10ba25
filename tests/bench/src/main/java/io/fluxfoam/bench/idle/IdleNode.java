package io.fluxfoam.bench.idle;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import java.util.Map;

/**
 * What one node used while there was nothing to do; percent of one core.
 *
 * @param dataPercent its duty cycle, the threads named {@code foam-data-*}
 * @param otherPercent all its other threads
 * @param threads how many it has
 * @param residentMegabytes memory, shared pages included
 * @param busiestOthers the other threads that used most, by their names
 */
@JsonPropertyOrder({
    "node",
    "pid",
    "dataPercent",
    "otherPercent",
    "threads",
    "residentMegabytes",
    "busiestOthers"
})
record IdleNode(
        String node,
        long pid,
        double dataPercent,
        double otherPercent,
        int threads,
        double residentMegabytes,
        Map<String, Double> busiestOthers) {}
