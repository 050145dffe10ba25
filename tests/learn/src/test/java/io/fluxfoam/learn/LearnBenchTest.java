package io.fluxfoam.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.launch.Commands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class LearnBenchTest {
    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @TempDir Path folder;

    private int run(String... arguments) {
        CommandLine line = Commands.line(new LearnBench());
        line.setOut(new PrintWriter(output, true)).setErr(new PrintWriter(errors, true));
        return Commands.execute(line, arguments);
    }

    private String error() {
        String said = errors.toString();
        assertEquals(1, said.lines().count(), said);
        return said.strip();
    }

    @Test
    void shouldSayWhatIsMissingAndHowToGetIt() {
        assertEquals(1, run("--data", folder.toString()));
        assertTrue(error().contains("run deploy/fashion-mnist.sh"), error());
    }

    @Test
    void shouldSayWhichProtocolsAndArmsThereAre() throws Exception {
        assertEquals(2, run("--protocol", "growth"));
        assertTrue(error().contains("there are split-fashion, permuted, viscosity, worlds"));
        errors.getBuffer().setLength(0);
        assertEquals(2, run("--protocol", "worlds", "--tape", folder.toString()));
        assertTrue(error().contains("tapes=1: worlds needs two, --tape DIR --tape DIR"), error());
        errors.getBuffer().setLength(0);
        Pattern28.write(folder, 100, 100);
        assertEquals(2, run("--data", folder.toString(), "--arms", "er,magic"));
        assertTrue(error().contains("no arm=magic in split-fashion, there are [joint,"), error());
    }

    @Test
    void shouldRefuseFiguresOutOfRange() {
        for (List<String> wrong :
                List.of(
                        List.of("--seeds", "0"),
                        List.of("--seeds", "99"),
                        List.of("--threads", "0"),
                        List.of("--memory", "1"),
                        List.of("--cpu", "0"))) {
            errors.getBuffer().setLength(0);
            assertEquals(2, run(wrong.toArray(String[]::new)), wrong.toString());
            assertTrue(error().contains(wrong.get(0).substring(2) + "="), error());
        }
    }

    @Test
    void shouldPrintWhatScriptsRelyOn() throws Exception {
        Pattern28.write(folder, 300, 100);
        Path plot = folder.resolve("curves.svg");
        assertEquals(
                0,
                run(
                        "--data",
                        folder.toString(),
                        "--json",
                        "--equal",
                        "steps",
                        "--seeds",
                        "2",
                        "--arms",
                        "er,der++",
                        "--plot",
                        plot.toString()),
                errors::toString);
        JsonNode result = new ObjectMapper().readTree(output.toString());
        assertEquals("split-fashion", result.get("protocol").asText());
        assertEquals(2, result.get("seeds").asInt());
        assertTrue(result.get("cpuSeconds").asDouble() > 0, result::toString);
        assertEquals(2, result.get("arms").size());
        for (JsonNode arm : result.get("arms")) {
            assertEquals(2, arm.get("perSeed").size());
            assertTrue(arm.get("low").asDouble() <= arm.get("mean").asDouble(), arm::toString);
            assertTrue(arm.get("mean").asDouble() <= arm.get("high").asDouble(), arm::toString);
            assertTrue(arm.get("bytes").asLong() > 0, arm::toString);
            assertTrue(LearnRace.RATES.contains(arm.get("learningRate").asDouble()));
        }
        JsonNode reference = result.get("arms").get(1);
        assertEquals("der++", reference.get("name").asText());
        assertEquals(0, reference.get("minusReference").get("mean").asDouble());
        String svg = Files.readString(plot);
        assertTrue(svg.startsWith("<svg") && svg.contains(">er</text>"), svg);
    }

    @Test
    void shouldRunTheOtherProtocols() throws Exception {
        Pattern28.write(folder, 1_000, 1_000);
        for (String protocol : List.of("permuted", "viscosity")) {
            output.getBuffer().setLength(0);
            String arm = protocol.equals("permuted") ? "adamw" : "v2";
            assertEquals(
                    0,
                    run(
                            "--data",
                            folder.toString(),
                            "--json",
                            "--quick",
                            "--cpu",
                            ".1",
                            "--protocol",
                            protocol,
                            "--arms",
                            arm),
                    errors::toString);
            JsonNode result = new ObjectMapper().readTree(output.toString());
            assertEquals(protocol, result.get("protocol").asText());
            JsonNode first = result.get("arms").get(0);
            assertEquals(arm, first.get("name").asText());
            assertTrue(first.get("details").size() > 3, first::toString);
        }
    }
}
