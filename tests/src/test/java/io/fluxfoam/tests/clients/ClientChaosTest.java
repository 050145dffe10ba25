package io.fluxfoam.tests.clients;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code ./foam chaos} kills a teacher in Python by its name, as it kills any other node. */
@ExtendWith(ClientTools.class)
@Timeout(300)
class ClientChaosTest {
    private static final int KILLS = Integer.getInteger("clients.chaosKills", 3);
    private static final String VICTIM = "teacher-colour";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClientFoam foam;
    private ClientProcess teacher;
    private Process chaos;

    @BeforeEach
    void createFoam() throws Exception {
        foam = new ClientFoam(directory);
    }

    @AfterEach
    void removeFoam() throws Exception {
        if (chaos != null) {
            chaos.destroyForcibly().onExit().join();
        }
        foam.close();
    }

    private void startTeacher() throws Exception {
        teacher = foam.start(VICTIM, ClientExamplesTest.example("teacher.py"));
    }

    @Test
    void shouldComeBackFromEveryKill() throws Exception {
        ClientExamplesTest.assumeNumpy();
        foam.run("sensor", new ClientExamplesTest.Camera());
        startTeacher();
        eventually("it speaks", () -> foam.lanes(VICTIM, "features") == 0);
        Path plan =
                Files.writeString(
                        directory.resolve("plan"),
                        IntStream.range(0, KILLS)
                                .mapToObj(i -> 0.3 * i + " kill " + VICTIM)
                                .collect(Collectors.joining("\n")));
        Path report = directory.resolve("report.json");
        Path events = directory.resolve("events");
        ProcessBuilder builder =
                new ProcessBuilder(
                                ClientTools.HOME.resolve("foam").toString(),
                                "chaos",
                                "--dir",
                                foam.path().toString(),
                                "--plan",
                                plan.toString(),
                                "--duration", // not half a minute beyond the plan
                                "1s",
                                "--json")
                        .redirectOutput(report.toFile())
                        .redirectError(events.toFile());
        builder.environment().put("FOAM_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        chaos = builder.start();
        while (chaos.isAlive()) {
            if (!teacher.isAlive()) {
                startTeacher(); // as ./foam up --node does
            }
            Thread.sleep(5);
        }
        assertEquals(0, chaos.exitValue(), () -> said(report) + said(events));
        JsonNode figures = new ObjectMapper().readTree(report.toFile());
        assertEquals(KILLS, figures.get("kills").asInt(), figures::toString);
        for (String none : List.of("tornReads", "hungNodes", "leakedBytes", "leakedLeases")) {
            assertEquals(0, figures.get(none).asLong(), figures::toString);
        }
        assertTrue(foam.incarnation(VICTIM) > KILLS, () -> "lives=" + foam.incarnation(VICTIM));
        teacher.stop();
        teacher.figures();
        foam.assertStopped(VICTIM);
        foam.assertNoErrors(VICTIM, "sensor");
        foam.stopRunners();
        foam.assertSwept();
    }

    private static String said(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }
}
