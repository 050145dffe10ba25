package io.fluxfoam.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.bench.process.JavaLine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Every bench runs, says what the schema says, and leaves nothing behind. No figure is
 * judged here.
 */
@Timeout(300)
class BenchTest {
    private static final List<String> ROW =
            List.of(
                    "transport",
                    "wait",
                    "pattern",
                    "payloadBytes",
                    "chunks",
                    "samples",
                    "pingPongNs",
                    "copyGigabytesPerSecond",
                    "p50Ns",
                    "p99Ns",
                    "p999Ns",
                    "messagesPerSecond",
                    "gigabytesPerSecond",
                    "reason");

    @TempDir Path directory;

    private record Outcome(int exitCode, String output, String errors) {}

    private Process start(String... arguments) throws IOException {
        List<String> line =
                JavaLine.of(
                        Bench.class,
                        List.of("-Xmx128m", "-Dfoam.home=" + JavaLine.home()),
                        List.of(arguments));
        return new ProcessBuilder(line)
                .redirectOutput(directory.resolve("output").toFile())
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    private Outcome run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        try {
            int exitCode = process.waitFor();
            assertEquals(List.of(), remainsOf(process.pid()));
            return new Outcome(
                    exitCode,
                    Files.readString(directory.resolve("output")),
                    Files.readString(directory.resolve("errors")));
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<Path> remainsOf(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file ->
                            file.getFileName().toString().startsWith("foam-bench-" + pid + "-"))
                    .toList();
        }
    }

    private static JsonNode json(Outcome outcome) throws IOException {
        assertEquals(0, outcome.exitCode(), outcome.errors());
        return new ObjectMapper().readTree(outcome.output());
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void shouldMeasureEveryTransportInOneRun() throws Exception {
        Path plot = directory.resolve("plot.svg");
        JsonNode result =
                json(
                        run(
                                "ipc",
                                "--smoke",
                                "--json",
                                "--repetitions",
                                "1",
                                "--sizes",
                                "1KB,64KB",
                                "--plot",
                                plot.toString()));
        assertEquals(List.of("pingPongNs", "results"), names(result));
        Set<String> transports = new TreeSet<>();
        for (JsonNode row : result.get("results")) {
            assertEquals(ROW, names(row));
            assertTrue(row.get("reason").isNull(), row.toString());
            assertTrue(row.get("p50Ns").asDouble() > 0, row.toString());
            assertTrue(row.get("messagesPerSecond").asDouble() > 0, row.toString());
            assertTrue(row.get("p99Ns").isNull(), "p99 of fewer than 1,000 samples: " + row);
            transports.add(row.get("transport").asText() + " " + row.get("wait").asText());
        }
        assertEquals(
                Set.of(
                        "foam spin",
                        "foam backoff",
                        "foam blocking",
                        "aeron spin",
                        "chronicle-queue spin",
                        "unix-socket blocking",
                        "tcp blocking",
                        "grpc blocking"),
                transports);
        assertEquals(2 * 2 * transports.size(), result.get("results").size());
        assertTrue(Files.readString(plot).endsWith("</svg>\n"));
    }

    @Test
    void shouldMeasureReadersInOtherLanguages() throws Exception {
        assumeTrue(hasAll("gcc", "python3"), "no gcc or no python3");
        JsonNode result =
                json(
                        run(
                                "ipc",
                                "--smoke",
                                "--json",
                                "--repetitions",
                                "1",
                                "--sizes",
                                "1KB,64KB",
                                "--transports",
                                "foam-c,foam-python"));
        Set<String> transports = new TreeSet<>();
        for (JsonNode row : result.get("results")) {
            assertTrue(row.get("reason").isNull(), row.toString());
            assertTrue(row.get("p50Ns").asDouble() > 0, row.toString());
            assertTrue(row.get("messagesPerSecond").asDouble() > 0, row.toString());
            transports.add(row.get("transport").asText() + " " + row.get("wait").asText());
        }
        assertEquals(
                Set.of(
                        "foam-c spin",
                        "foam-c blocking",
                        "foam-python spin",
                        "foam-python blocking"),
                transports);
    }

    private static boolean hasAll(String... tools) throws InterruptedException {
        for (String tool : tools) {
            try {
                Process process =
                        new ProcessBuilder(tool, "--version")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start();
                if (process.waitFor() != 0) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    @Test
    void shouldSayWhyATransportCannotBeMeasured() throws Exception {
        Outcome outcome =
                run(
                        "ipc",
                        "--smoke",
                        "--json",
                        "--repetitions",
                        "1",
                        "--sizes",
                        "4GB",
                        "--transports",
                        "unix-socket",
                        "--patterns",
                        "touch");
        assertEquals(1, outcome.exitCode());
        JsonNode row = new ObjectMapper().readTree(outcome.output()).get("results").get(0);
        assertEquals(ROW, names(row));
        assertTrue(row.get("p50Ns").isNull());
        assertTrue(row.get("reason").asText().startsWith("message too large"), row.toString());
    }

    @Test
    void shouldMeasureStarts() throws Exception {
        JsonNode result = json(run("start", "--json", "--starts", "1", "--roles", "light"));
        assertEquals(List.of("bareJvmMillis", "roles"), names(result));
        assertTrue(result.get("bareJvmMillis").asDouble() > 0);
        JsonNode light = result.get("roles").get("light");
        List<String> figures =
                List.of(
                        "execToManifestMillis",
                        "execToFirstCommitMillis",
                        "execToJoinedMillis",
                        "execToStreamMillis",
                        "execToFirstReadsMillis",
                        "cpuToFirstCommitMillis",
                        "timesBareJvm");
        assertEquals(figures, names(light));
        for (String figure : figures) {
            boolean isRead = figure.equals("execToFirstReadsMillis"); // a light node reads nothing
            assertEquals(isRead, light.get(figure).isNull(), light.toString());
            assertTrue(isRead || light.get(figure).asDouble() > 0, light.toString());
        }
    }

    @Test
    void shouldMeasureNodesReadersAndWaits() throws Exception {
        assertEquals(3, run("nodes", "--max", "2").output().lines().count());
        assertEquals(3, run("readers", "--max", "2", "--commits", "50").output().lines().count());
        assertTrue(
                run("wait", "--commits", "20", "--repetitions", "1")
                        .output()
                        .contains("bare futex wake"));
    }

    @Test
    void shouldSayThatThereIsNoLoopToJoin() throws Exception {
        Outcome outcome = run("idle", "--foam", directory.resolve("nothing").toString());
        assertEquals(1, outcome.exitCode(), outcome.errors());
        assertEquals(1, outcome.errors().lines().count(), outcome.errors());
    }

    @Test
    void shouldLeaveNothingBehindWhenItIsInterrupted() throws Exception {
        Process process = start("ipc", "--sizes", "1KB", "--transports", "foam,tcp");
        while (process.descendants().count() < 4) {
            assertTrue(process.isAlive());
            process.waitFor(10, TimeUnit.MILLISECONDS);
        }
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        process.waitFor();
        assertEquals(List.of(), remainsOf(process.pid()));
        for (ProcessHandle child : children) {
            child.onExit().get();
        }
    }

    @Test
    void shouldRefuseBadArgumentsInOneLine() throws Exception {
        for (String[] arguments :
                List.of(
                        new String[] {"ipc", "--sizes", "3KBB"},
                        new String[] {"ipc", "--transports", "carrier-pigeon"},
                        new String[] {"ipc", "--repetitions", "0"},
                        new String[] {"nodes", "--max", "257"},
                        new String[] {"readers", "--max", "9"},
                        new String[] {"start", "--roles", "nobody"},
                        new String[] {"memory", "--teachers", "nobody"},
                        new String[] {"memory", "--seconds", "0"},
                        new String[] {"idle", "--seconds", "0"})) {
            Outcome outcome = run(arguments);
            assertEquals(2, outcome.exitCode(), outcome.errors());
            assertEquals(1, outcome.errors().lines().count(), outcome.errors());
            assertFalse(outcome.errors().contains("Exception"), outcome.errors());
        }
    }
}
