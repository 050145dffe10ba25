package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StatusProbe.NodeFacts;
import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

class PrometheusTextTest {
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

    private final List<NodeFacts> facts = new ArrayList<>();
    private List<NodeStatus> nodes = SampleFoam.status(152).nodes();
    private final PrometheusText metrics =
            new PrometheusText(
                    () -> facts,
                    () -> nodes,
                    mark ->
                            mark.name().equals("student")
                                    ? Optional.of(new ProcessUsage(12.5, 4096, 17))
                                    : Optional.empty());

    @Test
    void shouldShowDeclaredCountersByTheirDeclarations() {
        node(
                "student",
                "student",
                Map.of(
                        "step", 42L,
                        "loss", Double.NaN,
                        "failedSaves", 2L,
                        "read.sensor/picture.missed", 3L,
                        "teacher.teacher-vision.weight", 2.0));
        node("sensor", "sensor", Map.of("frames", 9L, "readMillis", 12.0));
        String text = metrics.scrape();
        has(text, "# HELP foam_student_step Step of the training, over all lives of the student.");
        has(text, "# TYPE foam_student_step gauge");
        has(text, "foam_student_step{node=\"student\",role=\"student\"} 42.0");
        has(text, "# TYPE foam_student_failed_saves_total counter");
        has(text, "foam_student_failed_saves_total{node=\"student\",role=\"student\"} 2.0");
        has(
                text,
                "foam_read_missed_total"
                        + "{node=\"student\",role=\"student\",stream=\"sensor/picture\"} 3.0");
        has(
                text,
                "foam_student_teacher_weight"
                        + "{node=\"student\",role=\"student\",teacher=\"teacher-vision\"} 2.0");
        has(text, "# TYPE foam_frames_total counter");
        has(text, "foam_frames_total{node=\"sensor\",role=\"sensor\"} 9.0");
        has(text, "foam_sensor_read_seconds{node=\"sensor\",role=\"sensor\"} 0.012");
        assertFalse(text.contains("foam_student_loss"), "a figure that is not there yet: " + text);
    }

    @Test
    void shouldShowNodesStreamsAndProcesses() {
        node("student", "student", Map.of());
        node("sensor", "sensor", Map.of());
        String text = metrics.scrape();
        has(text, "foam_node_alive{node=\"sensor\",role=\"sensor\"} 1.0");
        has(text, "foam_node_alive{node=\"teacher-whisper\",role=\"teacher\"} 0.0");
        has(text, "# TYPE foam_node_restarts_total counter");
        has(text, "foam_node_restarts_total{node=\"student\",role=\"student\"} 0.0");
        has(text, "foam_node_heartbeat_age_seconds{node=\"sensor\",role=\"sensor\"} 0.002");
        String picture = "{node=\"sensor\",role=\"sensor\",stream=\"sensor/picture\"}";
        has(text, "foam_stream_commits_per_second" + picture + " 7.02");
        has(text, "foam_stream_readers" + picture + " 2.0");
        has(text, "foam_stream_commits_total" + picture + " 1064.0");
        has(text, "foam_process_cpu_seconds_total{node=\"student\",role=\"student\"} 12.5");
        has(text, "foam_process_resident_memory_bytes{node=\"student\",role=\"student\"} 4096.0");
        has(text, "foam_process_threads{node=\"student\",role=\"student\"} 17.0");
        assertFalse(text.contains("foam_process_threads{node=\"sensor\""), text);
    }

    @Test
    void shouldForgetNodesThatLeft() {
        node("student", "student", Map.of("step", 42L));
        assertTrue(metrics.scrape().contains("student"));
        facts.clear();
        nodes = List.of();
        assertEquals("", metrics.scrape());
    }

    @Test
    void shouldNotLetANodesOwnCountersSpoilOthers() {
        node("student", "student", Map.of("frames", 1L, "failedSaves", 2L));
        Map<String, Number> own = new TreeMap<>();
        for (String label :
                List.of("frames_total", "Frames", "node.alive", "node_alive", "a\"b\\c\nd", "x_")) {
            own.put(label, 5L);
        }
        node("custom", "demo", own);
        String text = metrics.scrape();
        has(text, "foam_frames_total{node=\"student\",role=\"student\"} 1.0");
        has(text, "foam_own_frames{label=\"Frames\",node=\"custom\",role=\"demo\"} 5.0");
        has(text, "foam_own_frames{label=\"frames_total\",node=\"custom\",role=\"demo\"} 5.0");
        has(text, "foam_own_node_alive{label=\"node.alive\",node=\"custom\",role=\"demo\"} 5.0");
        has(text, "foam_own_node_alive{label=\"node_alive\",node=\"custom\",role=\"demo\"} 5.0");
        has(text, "foam_own_a_b_c_d{label=\"a\\\"b\\\\c\\nd\",node=\"custom\",role=\"demo\"} 5.0");
    }

    @Test
    void shouldPassPrometheusOwnCheck() throws Exception {
        assumeTrue(Files.isExecutable(PROMTOOL), "no promtool: Debian's package prometheus has it");
        Map<String, Number> everything = new TreeMap<>();
        for (CounterSpec counter : PrometheusText.declaredCounters()) {
            String which = counter.among().isEmpty() ? "a/b" : counter.among().getFirst();
            everything.put(
                    counter.subject().isEmpty() ? counter.label() : counter.of(which).label(), 1L);
        }
        node("student", "student", everything);
        String text = metrics.scrape();
        PrometheusText.declaredMetrics()
                .forEach(metric ->
                        assertTrue(
                                text.contains("\n" + metric.name() + "{"),
                                () -> metric.name() + " is not in " + text));

        Process promtool =
                new ProcessBuilder(PROMTOOL.toString(), "check", "metrics")
                        .redirectErrorStream(true)
                        .start();
        try (var in = promtool.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        }
        String findings =
                new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("", findings);
        assertEquals(0, promtool.waitFor());
    }

    private static void has(String text, String line) {
        assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in\n" + text);
    }

    private void node(String name, String role, Map<String, Number> counters) {
        MarkView mark =
                new MarkView(name, role, "host", 1, 1, 0, NodeState.ALIVE, 0, false, List.of());
        facts.add(new NodeFacts(mark, Optional.of(new CountersSnapshot(1, counters, List.of()))));
    }
}
