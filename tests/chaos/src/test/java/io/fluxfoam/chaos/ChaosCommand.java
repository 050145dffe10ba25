package io.fluxfoam.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.launch.Commands;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** The command, run in this process. */
final class ChaosCommand {
    private ChaosCommand() {}

    /** What it says on standard output. */
    static String run(int wantedExitCode, String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int exitCode;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            exitCode = Commands.line(new Chaos()).execute(arguments);
        } finally {
            System.setOut(before);
        }
        String said = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(wantedExitCode, exitCode, said);
        return said;
    }

    /** The line with which it refuses these. */
    static String refusal(int wantedExitCode, String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine line = Commands.line(new Chaos()).setErr(new PrintWriter(said, true));
        assertEquals(wantedExitCode, line.execute(arguments), said::toString);
        assertEquals(1, said.toString().lines().count(), said::toString);
        return said.toString().strip();
    }

    /** Its report; the arguments ask for JSON. */
    static JsonNode report(int wantedExitCode, String... arguments) throws IOException {
        return new ObjectMapper().readTree(run(wantedExitCode, arguments));
    }
}
