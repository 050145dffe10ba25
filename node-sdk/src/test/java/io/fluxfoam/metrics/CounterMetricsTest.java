package io.fluxfoam.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.counters.Unit;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class CounterMetricsTest {
    private static final CounterSpec STEP =
            CounterSpec.growing("step", Unit.COUNT, "foam_steps_total", "Steps.");
    private static final CounterSpec TOP1 =
            CounterSpec.varying("{set}.top1", Unit.RATIO, "foam_top1_ratio", "Hits.").among("seen");
    private final CounterMetrics metrics =
            new CounterMetrics(
                    List.of(
                            STEP,
                            TOP1,
                            FabricCounters.READ_MISSED,
                            FabricCounters.PUBLISH_COPIED_BYTES));

    @Test
    void shouldNameDeclaredCountersAsTheyWereDeclared() {
        assertEquals("foam_steps_total [n, r]", text("step"));
        assertEquals("foam_top1_ratio [n, r, seen]", text("seen.top1"));
        assertEquals(
                "foam_read_missed_total [n, r, sensor/picture]",
                text("read.sensor/picture.missed"));
    }

    @Test
    void shouldCallAStreamByItsNodeToo() {
        assertEquals(
                "foam_publish_copied_bytes_total [n, r, n/heatmap]",
                text("publish.heatmap.copiedBytes"));
    }

    @Test
    void shouldShowANodesOwnCountersAsGauges() {
        assertEquals("foam_own_bright_pixels [n, r, brightPixels]", text("brightPixels"));
        assertEquals("foam_own_other_top1 [n, r, other.top1]", text("other.top1"));
        assertEquals("foam_own_x [n, r, -X-]", text("-X-"));
        assertEquals("foam_own_counter [n, r, ß]", text("ß"));
        assertEquals("foam_own_counter [n, r, total]", text("total"));
        assertEquals("foam_own_words [n, r, words_count_total]", text("words_count_total"));
        assertEquals("gauge", value("brightPixels").metric().type());
        assertEquals(7, value("brightPixels").value());
    }

    @Test
    void shouldRefuseWhatIsAgainstTheConventions() {
        for (CounterSpec wrong :
                List.of(
                        CounterSpec.growing("x", Unit.COUNT, "foam_x", "Says."),
                        CounterSpec.varying("x", Unit.COUNT, "foam_x_total", "Says."),
                        CounterSpec.varying("x", Unit.MILLIS, "foam_x_millis", "Says."),
                        CounterSpec.growing("x", Unit.BYTES, "foam_x_total", "Says."),
                        CounterSpec.varying("x", Unit.COUNT, "foam_xY", "Says."),
                        CounterSpec.varying("x", Unit.COUNT, "x", "Says."),
                        CounterSpec.varying("x", Unit.COUNT, "foam_own_x", "Says."),
                        CounterSpec.varying("x", Unit.COUNT, "foam_x", "no sentence"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new CounterMetrics(List.of(wrong)),
                    wrong.metric());
        }
    }

    private String text(String label) {
        MetricValue value = value(label);
        return value.metric().name() + " " + value.labelValues();
    }

    private MetricValue value(String label) {
        return metrics.values("n", "r", Map.of(label, 7L)).getFirst();
    }
}
