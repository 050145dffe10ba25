package io.fluxfoam.bench.gpu;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import java.util.List;

/**
 * What {@code bench gpu --json} prints.
 *
 * @param device as its maker calls it
 * @param driverVersion CUDA version of the driver, {@code 1000 * major + 10 * minor}
 * @param results one row for each transport, size, and neighbour or none
 * @param joins for each size
 * @param rejoins of a reader to a producer that is killed and started again; null if it could not
 *     be measured
 */
@JsonPropertyOrder({"device", "driverVersion", "results", "joins", "rejoins"})
record GpuResult(
        String device, int driverVersion, List<GpuRow> results, List<Join> joins, Rejoins rejoins) {
    /**
     * What a reader pays once for each life of a producer.
     *
     * @param openNs joining a stream in a peer's memory: mappings, IPC handle, pinned control page
     * @param closeNs leaving it; the mapping itself is closed behind it on a thread of the device
     */
    @JsonPropertyOrder({"payloadBytes", "openNs", "closeNs"})
    record Join(long payloadBytes, double openNs, double closeNs) {}

    /**
     * Kills and returns.
     *
     * @param cycles how many
     * @param p50Millis from the kill to the first tensor of the next life that a kernel of the
     *     reader has read; the start of a JVM is in it
     * @param maxMillis the longest of them
     * @param wrongWords words of torn tensors
     * @param lostBytes memory of the device that was free before and is not after all have ended
     */
    @JsonPropertyOrder({"cycles", "p50Millis", "maxMillis", "wrongWords", "lostBytes"})
    record Rejoins(
            int cycles, double p50Millis, double maxMillis, long wrongWords, long lostBytes) {}
}
