package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.MemoryState;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class MemoryStatTest {
    @TempDir Path directory;

    private FoamDirectory foam;
    private String out;
    private String err;

    @BeforeEach
    void create() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    /** A teacher that lived, counted, and died. */
    private void teacher(String name, String epoch, MemoryState state) throws IOException {
        try (Mark mark =
                Mark.acquire(foam, name, "teacher", "host", new String[] {"java", "Main"})) {
            Counters counters =
                    Counters.create(
                            foam.file(name, mark.incarnation(), "counters"), mark.incarnation());
            if (epoch != null) {
                count(counters, LoopCounters.MEMORY_STATE, epoch, state.code());
                count(counters, LoopCounters.MEMORY_LOOKUPS, epoch, 200);
                count(counters, LoopCounters.MEMORY_HITS, epoch, 180);
                count(counters, LoopCounters.MEMORY_BYPASSES, epoch, 140);
                count(counters, LoopCounters.MEMORY_CHECKS, epoch, 40);
                count(counters, LoopCounters.MEMORY_LOOKUP_NANOS, epoch, 4_000_000);
                count(counters, LoopCounters.MEMORY_INFERENCES, epoch, 60);
                count(counters, LoopCounters.MEMORY_INFERENCE_NANOS, epoch, 1_800_000_000);
                count(counters, LoopCounters.MEMORY_BYTES, epoch, 4 << 20);
            }
        }
    }

    private static void count(Counters counters, CounterSpec spec, String epoch, long value) {
        counters.counter(spec.of(epoch)).set(value);
    }

    private int run(String... arguments) {
        StringWriter errors = new StringWriter();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            CommandLine line = Foam.line().setErr(new PrintWriter(errors, true));
            return line.execute(arguments);
        } finally {
            System.setOut(before);
            out = output.toString(StandardCharsets.UTF_8);
            err = errors.toString();
        }
    }

    @Test
    void shouldShowWhatScriptsRelyOn() throws Exception {
        teacher("teacher-vision", "00ab", MemoryState.BYPASS);
        teacher("teacher-llm", "00cd", MemoryState.SAMPLING);
        teacher("teacher-off", null, MemoryState.OFF);
        assertEquals(0, run("memory", "stat", "--json", "--dir", foam.path().toString()), err);
        JsonNode namespaces = new ObjectMapper().readTree(out).get("namespaces");
        assertEquals(2, namespaces.size(), out);
        JsonNode vision = namespaces.get(0);
        List<String> names = new ArrayList<>();
        vision.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of(
                        "teacher",
                        "epoch",
                        "state",
                        "lookups",
                        "hits",
                        "falseHits",
                        "lookupNanos",
                        "inferenceNanos",
                        "bypasses",
                        "checks",
                        "inferences",
                        "bytes"),
                names);
        assertEquals("teacher-vision", vision.get("teacher").asText());
        assertEquals("00ab", vision.get("epoch").asText());
        assertEquals("bypass", vision.get("state").asText());
        assertEquals(200, vision.get("lookups").asLong());
        assertEquals(0, vision.get("falseHits").asLong(), "a counter that is not there");
        assertEquals(1_800_000_000, vision.get("inferenceNanos").asLong());
        assertEquals("sampling", namespaces.get(1).get("state").asText());
    }

    @Test
    void shouldShowATable() throws Exception {
        teacher("teacher-vision", "00ab", MemoryState.BYPASS);
        teacher("teacher-llm", "00cd", MemoryState.CLOSED);
        assertEquals(0, run("memory", "stat", "teacher-vision", "--dir", foam.path().toString()));
        assertEquals(
                "TEACHER EPOCH STATE LOOKUPS HITS BYPASSES CHECKS FALSE US/LOOKUP MS/INFERENCE"
                        + " TIMES CHEAPER BYTES\n"
                        + "teacher-vision 00ab bypass 200 180 140 40 0 20.0 30.0 1500.0 4.0 MiB\n",
                out.replaceAll(" +", " "));
    }

    @Test
    void shouldRefuseBadArgumentsInOneLine() {
        for (String arguments : List.of("memory", "memory stat --bogus", "memory forget")) {
            assertEquals(2, run(arguments.split(" ")), arguments);
            assertEquals(1, err.lines().count(), err);
            assertTrue(err.startsWith("foam memory"), err);
        }
        assertEquals(1, run("memory", "stat", "--dir", directory.resolve("none").toString()));
        assertTrue(err.startsWith("foam memory stat: no foam here: path="), err);
    }
}
