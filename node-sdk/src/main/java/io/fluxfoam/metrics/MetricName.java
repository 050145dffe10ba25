package io.fluxfoam.metrics;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;

/**
 * How a counter of a node is called as a metric. A label is {@code figure}, {@code subject.figure}
 * or {@code subject.WHICH.figure}; the last becomes metric {@code foam.subject.figure} with WHICH
 * as a tag named like the subject, so that {@code teacher.teacher-vision.weight} of two students is
 * one metric with four series.
 *
 * @param name name of the metric
 * @param tags {@code node}, and the subject if there are several
 */
record MetricName(String name, Tags tags) {
    private static final String PREFIX = "foam.";

    static MetricName of(String node, String label) {
        Tags tags = Tags.of(Tag.of("node", node));
        int first = label.indexOf('.');
        int last = label.lastIndexOf('.');
        if (first == last) {
            return new MetricName(PREFIX + label, tags);
        }
        String subject = label.substring(0, first);
        return new MetricName(
                PREFIX + subject + label.substring(last),
                tags.and(subject, label.substring(first + 1, last)));
    }
}
