package io.fluxfoam.bench.idle;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import java.util.List;

/**
 * What {@code bench idle --json} prints; percent of one core.
 *
 * @param dataPercent the threads named {@code foam-data-*} of all nodes together
 * @param otherPercent all other threads
 * @param absent nodes of the loop that did not live, so are in no figure: for example a teacher
 *     without a model
 */
@JsonPropertyOrder({"seconds", "dataPercent", "otherPercent", "absent", "nodes"})
record IdleResult(
        int seconds,
        double dataPercent,
        double otherPercent,
        List<String> absent,
        List<IdleNode> nodes) {}
