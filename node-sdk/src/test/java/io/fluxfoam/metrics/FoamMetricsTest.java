package io.fluxfoam.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fluxfoam.counters.Unit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class FoamMetricsTest {
    private static final MetricSpec READS =
            MetricSpec.ofNode("foam_reads_total", true, Unit.COUNT, "Reads.", "stream");
    private static final MetricSpec AGE =
            MetricSpec.ofNode("foam_age_seconds", false, Unit.MILLIS, "Age.");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<MetricValue> values = new ArrayList<>();
    private final FoamMetrics metrics = new FoamMetrics(registry, () -> values);

    @Test
    void shouldShowEachSeriesInItsBaseUnit() {
        values.add(READS.value(3, "student", "student", "sensor/picture"));
        values.add(READS.value(4, "copycat", "student", "sensor/picture"));
        values.add(AGE.value(250, "student", "student"));
        metrics.refresh();
        assertEquals(3, reads("student"));
        assertEquals(4, reads("copycat"));
        assertEquals(.25, registry.get("foam_age_seconds").tag("role", "student").gauge().value());
    }

    @Test
    void shouldFollowTheFigures() {
        values.add(READS.value(7, "student", "student", "sensor/picture"));
        values.add(AGE.value(Double.NaN, "student", "student"));
        metrics.refresh();
        assertNull(registry.find("foam_age_seconds").gauge(), "not there yet is not a number");
        values.set(0, READS.value(8, "student", "student", "sensor/picture"));
        values.set(1, AGE.value(1, "student", "student"));
        metrics.refresh();
        assertEquals(8, reads("student"));
        assertEquals(.001, registry.get("foam_age_seconds").gauge().value());
        values.set(0, READS.value(2, "student", "student", "sensor/picture"));
        metrics.refresh();
        assertEquals(2, reads("student"), "a node that comes back counts from zero");
        values.clear();
        metrics.refresh();
        assertEquals(0, registry.getMeters().size());
    }

    private double reads(String node) {
        return registry.get("foam_reads_total")
                .tags("node", node, "stream", "sensor/picture")
                .functionCounter()
                .count();
    }
}
