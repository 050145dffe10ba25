package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.metrics.MetricSpec;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of docs/METRICS.md, the dashboard and the sources say what the declarations say. */
class MetricsTableTest {
    private static final Path HOME = Path.of(System.getProperty("foam.home"));
    private static final Pattern METRIC = Pattern.compile("\\bfoam_[a-z0-9_]+");
    private static final Pattern LITERAL_COUNTER =
            Pattern.compile("\\.(counter|gauge|number)\\(\\s*\"");

    private final Set<String> names =
            PrometheusText.declaredMetrics().stream()
                    .map(MetricSpec::name)
                    .collect(Collectors.toSet());

    @Test
    void shouldDeclareNoLabelAndNoMetricTwice() {
        List<CounterSpec> counters = PrometheusText.declaredCounters();
        assertEquals(counters.size(), counters.stream().map(CounterSpec::label).distinct().count());
        assertEquals(PrometheusText.declaredMetrics().size(), names.size());
    }

    @Test
    void shouldHaveEveryMetricInTheTableOfTheDocs() throws IOException {
        Map<String, String> labels =
                PrometheusText.declaredCounters().stream()
                        .collect(Collectors.toMap(CounterSpec::metric, CounterSpec::label));
        String expected =
                PrometheusText.declaredMetrics().stream()
                        .map(metric -> row(metric, labels.get(metric.name())))
                        .collect(Collectors.joining("\n"));
        String table =
                Files.readAllLines(HOME.resolve("docs/METRICS.md")).stream()
                        .filter(line -> line.startsWith("| `foam_"))
                        .collect(Collectors.joining("\n"));
        assertEquals(expected, table, "docs/METRICS.md and the declarations differ");
    }

    private static String row(MetricSpec metric, String label) {
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %s | `%s` | %s | %s |",
                metric.name(),
                metric.type(),
                metric.unit().base(),
                String.join(" ", metric.labels()),
                label == null ? "" : "`" + label + "`",
                metric.help());
    }

    @Test
    void shouldAskInTheDashboardForMetricsThatThereAre() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(HOME.resolve("deploy/grafana-foam.json").toFile());
        Set<String> asked = new TreeSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertFalse(panel.path("title").asText().isEmpty(), panel.toString());
            for (JsonNode target : panel.path("targets")) {
                asked.addAll(metricsIn(target.path("expr").asText()));
            }
        }
        for (JsonNode variable : dashboard.path("templating").path("list")) {
            if (variable.path("type").asText().equals("datasource")) {
                continue;
            }
            asked.addAll(metricsIn(variable.path("query").asText()));
        }
        assertTrue(
                names.containsAll(asked),
                () -> {
                    asked.removeAll(names);
                    return "no such metrics: " + asked;
                });
        assertTrue(asked.size() > 10, asked.toString());
    }

    private static Set<String> metricsIn(String query) {
        Set<String> metrics = new TreeSet<>();
        Matcher matcher = METRIC.matcher(query);
        while (matcher.find()) {
            metrics.add(matcher.group());
        }
        assertFalse(metrics.isEmpty(), "no metric: query=" + query);
        return metrics;
    }

    @Test
    void shouldNameNoCounterByALiteralInMainCode() throws IOException {
        Set<Path> named = new TreeSet<>();
        for (Path source : mainSources()) {
            if (LITERAL_COUNTER.matcher(Files.readString(source)).find()) {
                named.add(HOME.relativize(source));
            }
        }
        assertEquals(Set.of(), named);
        assertTrue(LITERAL_COUNTER.matcher("node.counters().gauge(\n\"loss\")").find());
    }

    private static List<Path> mainSources() throws IOException {
        try (Stream<Path> files = Files.walk(HOME)) {
            return files.filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
                    .toList();
        }
    }
}
