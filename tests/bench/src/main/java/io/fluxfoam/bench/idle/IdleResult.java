package io.fluxfoam.bench.idle;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * What {@code bench idle --json} prints; percent of one core.
 *
 * @param dataPercent the threads named {@code foam-data-*} of all nodes together
 * @param otherPercent all other threads
 */
@JsonPropertyOrder({"seconds", "dataPercent", "otherPercent", "nodes"})
record IdleResult(int seconds, double dataPercent, double otherPercent, List<IdleNode> nodes) {}
