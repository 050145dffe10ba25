package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Map;

class PrometheusTextTest {
    @Test
    void shouldShowCountersNodesAndStreams() {
        PrometheusText metrics =
                new PrometheusText(
                        () -> Map.of("student", Map.of("step", 42L, "loss", Double.NaN)),
                        () -> SampleFoam.status(152).nodes());
        String text = metrics.scrape();
        assertTrue(text.contains("foam_step{node=\"student\"} 42.0\n"), text);
        assertFalse(text.contains("foam_loss"), "a figure that is not there yet: " + text);
        assertTrue(text.contains("foam_alive{node=\"sensor\"} 1.0\n"), text);
        assertTrue(text.contains("foam_alive{node=\"teacher-whisper\"} 0.0\n"), text);
        assertTrue(text.contains("foam_incarnation{node=\"student\"} 1.0\n"), text);
        assertTrue(
                text.contains(
                        "foam_stream_ratePerSecond{node=\"sensor\",stream=\"picture\"} 7.02\n"),
                text);
        assertTrue(
                text.contains("foam_stream_readers{node=\"sensor\",stream=\"picture\"} 2.0\n"),
                text);
    }
}
