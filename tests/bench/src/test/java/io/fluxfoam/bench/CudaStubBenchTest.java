package io.fluxfoam.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.device.cuda.CudaProbe;
import io.fluxfoam.device.cuda.StubCuda;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code bench gpu} on the stub driver: every part of it runs. Its figures mean nothing there. */
@Timeout(300)
@ExtendWith(StubCuda.class)
class CudaStubBenchTest {
    private static final List<String> ROW =
            List.of(
                    "transport",
                    "wait",
                    "pattern",
                    "neighbour",
                    "payloadBytes",
                    "samples",
                    "aloneNs",
                    "p50Ns",
                    "handOverNs",
                    "p99Ns",
                    "p999Ns",
                    "messagesPerSecond",
                    "gigabytesPerSecond",
                    "reason");

    @TempDir Path directory;

    private int run(String driver, String... arguments) throws Exception {
        List<String> options =
                List.of(
                        "-Xmx96m",
                        "-Dfoam.home=" + JavaLine.home(),
                        "-D" + CudaProbe.DRIVER_PROPERTY + "=" + driver);
        List<String> line = new ArrayList<>(List.of("gpu"));
        line.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(JavaLine.of(Bench.class, options, line))
                        .redirectOutput(directory.resolve("output").toFile())
                        .redirectError(directory.resolve("errors").toFile())
                        .start();
        try {
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void shouldMeasureEveryRouteJoinsAndKills() throws Exception {
        String stub = System.getProperty(CudaProbe.DRIVER_PROPERTY);
        int exitCode = run(stub, "--smoke", "--json", "--sizes", "4KB,1MB");
        String errors = Files.readString(directory.resolve("errors"));
        assertEquals(0, exitCode, errors);
        assertFalse(errors.contains("could not be pinned"), errors);
        JsonNode result = new ObjectMapper().readTree(directory.resolve("output").toFile());
        assertEquals(
                List.of("device", "driverVersion", "results", "joins", "rejoins"), names(result));
        Set<String> ours = new TreeSet<>();
        for (JsonNode row : result.get("results")) {
            assertEquals(ROW, names(row));
            assertTrue(row.get("reason").isNull(), row + errors);
            assertEquals(10, row.get("samples").asInt());
            assertEquals(
                    row.get("handOverNs").asDouble(),
                    row.get("p50Ns").asDouble() - row.get("aloneNs").asDouble(),
                    1e-6);
            assertTrue(row.get("messagesPerSecond").asDouble() > 0, row.toString());
            ours.add(
                    row.get("transport").asText()
                            + " "
                            + row.get("wait").asText()
                            + " "
                            + row.get("neighbour").asText());
        }
        assertEquals(
                Set.of(
                        "foam poll false",
                        "foam poll true",
                        "foam gpu false",
                        "foam gpu true",
                        "foam-staged poll false",
                        "foam-staged poll true"),
                ours);
        assertEquals(2 * 6, result.get("results").size());
        assertEquals(2, result.get("joins").size());
        assertTrue(result.get("joins").get(0).get("openNs").asDouble() > 0);
        assertEquals(1, result.get("rejoins").get("cycles").asInt());
        assertEquals(0, result.get("rejoins").get("wrongWords").asInt());
    }

    @Test
    void shouldSayInOneLineThatThereIsNoGpu() throws Exception {
        assertEquals(1, run("libcuda-of-nobody.so.1"));
        assertEquals(
                "bench gpu: no GPU to measure: cuda=NO_DRIVER (libcuda-of-nobody.so.1 does not load)\n",
                Files.readString(directory.resolve("errors")));
    }
}
