package io.fluxfoam.bench.ipc;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import io.fluxfoam.bench.measure.SampleStatistics;

import java.util.List;
import java.util.Objects;

/**
 * What {@code bench ipc --json} prints.
 *
 * @param pingPongNs median of the rows' ping-pongs; null if no row could be measured
 * @param results one row for each cell
 */
@JsonPropertyOrder({"pingPongNs", "results"})
record IpcResult(Double pingPongNs, List<Row> results) {
    static IpcResult of(List<Row> rows) {
        double[] pingPongs =
                rows.stream()
                        .map(Row::pingPongNs)
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .toArray();
        return new IpcResult(
                pingPongs.length == 0 ? null : SampleStatistics.median(pingPongs), rows);
    }
}
