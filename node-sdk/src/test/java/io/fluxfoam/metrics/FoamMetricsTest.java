package io.fluxfoam.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

class FoamMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<String, Map<String, Number>> counters = new HashMap<>();
    private final FoamMetrics metrics = new FoamMetrics(registry, () -> counters);

    @Test
    void shouldShowEachFigureOfEachNode() {
        counters.put(
                "student", Map.of("step", 7L, "loss", .5, "teacher.teacher-vision.weight", 2.0));
        counters.put("copycat", Map.of("step", 9L));
        counters.put("sensor", Map.of("read.student/heatmap.missed", 3L));
        counters.put("evaluator", Map.of("seenWords.top1", .97));
        metrics.refresh();
        assertEquals(7, value("foam.step", "node", "student"));
        assertEquals(9, value("foam.step", "node", "copycat"));
        assertEquals(.5, value("foam.loss", "node", "student"));
        assertEquals(
                2, value("foam.teacher.weight", "node", "student", "teacher", "teacher-vision"));
        assertEquals(3, value("foam.read.missed", "node", "sensor", "read", "student/heatmap"));
        assertEquals(.97, value("foam.seenWords.top1", "node", "evaluator"));
    }

    @Test
    void shouldFollowTheCounters() {
        counters.put("student", new TreeMap<>(Map.of("step", 7L, "loss", Double.NaN)));
        metrics.refresh();
        assertNull(registry.find("foam.loss").gauge(), "not there yet is not a number");
        counters.get("student").put("loss", .25);
        counters.get("student").put("step", 8L);
        metrics.refresh();
        assertEquals(.25, value("foam.loss", "node", "student"));
        assertEquals(8, value("foam.step", "node", "student"));
        counters.remove("student");
        metrics.refresh();
        assertEquals(0, registry.getMeters().size());
    }

    private double value(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }
}
