package io.fluxfoam.metrics;

import java.util.List;

/**
 * A series of a metric and its value now.
 *
 * @param labelValues in the order of the metric's labels
 * @param value in the metric's own unit; there is no series if it is NaN
 */
public record MetricValue(MetricSpec metric, List<String> labelValues, double value) {
    public MetricValue {
        labelValues = List.copyOf(labelValues);
        if (labelValues.size() != metric.labels().size()) {
            throw new IllegalArgumentException(
                    "labels=" + metric.labels() + " values=" + labelValues);
        }
    }
}
