package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class FoamTest {
    @TempDir Path directory;
    private Path foam;
    private String out;
    private String err;

    @BeforeEach
    void nameFoam() {
        foam = directory.resolve("foam");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bogus",
                "up --duration 5x",
                "up --duration 0s",
                "up --duration",
                "up --fps 0",
                "up --fps NaN",
                "up --fps 1e-300",
                "up --fps 1e300",
                "up --picture 320",
                "up --picture 10x10",
                "up --sound 0.1",
                "up --mix",
                "up --source scenes: --switch-every 10",
                "up --source scenes: --source scenes: --switch-every 0",
                "up --source scenes: --source scenes: --switch-every 10 --mix",
                "up --mirror",
                "up --port 65536",
                "up --seed x",
                "up --width 0",
                "up --width 0.3",
                "up --width NaN",
                "up --standby coordinator",
                "up --standby sensor,teacher-voice",
                "up --without bridge",
                "up --without sensor --standby sensor",
                "up --grow-to 4.125",
                "up --grow-to 0.5",
                "up --width 2 --grow-to 1",
                "up --memory perhaps",
                "up --bogus",
                "up --summary /no/such/directory/file.json",
                "tail",
                "tail sensor",
                "tail ../../etc/passwd",
                "tail sensor/picture -n 0",
                "record",
                "record --out /tmp --limit 5x",
                "record --out /tmp --limit 0",
                "record --out /tmp Sensor",
                "record --out /tmp a/b/c",
                "record --out /tmp --name A",
                "say --frame x",
                "say --frame 1:",
                "replay",
                "replay /tmp --speed 0",
                "replay /tmp --speed fast",
                "replay /tmp --lockstep",
                "replay /tmp --again",
                "replay /tmp --from 5x",
                "replay /tmp --for A",
                "replay /tmp --for student",
                "replay /tmp --speed max --again",
                "ps --bogus"
            })
    void shouldRefuseBadArgumentsInOneLineWithExitCode2(String arguments) {
        assertEquals(2, run(arguments.split(" ")));
        assertEquals("", out);
        assertEquals(1, err.lines().count(), err);
        assertTrue(err.startsWith("foam"), err);
    }

    @Test
    void shouldSayInOneLineThatThereIsNoFoam() {
        for (String command :
                new String[] {
                    "ps", "stat", "errors", "slots", "tail a/b", "say", "record --out tape"
                }) {
            assertEquals(1, run((command + " --dir " + foam).split(" ")));
            assertEquals(
                    "foam " + command.split(" ")[0] + ": no foam here: path=" + foam + "\n", err);
        }
    }

    @Test
    void shouldShowTheNodesOfTheContractAsJson() throws Exception {
        try (Mark mark = join("sensor")) {
            assertEquals(0, run("ps", "--json", "--dir", foam.toString()));
            String nodes =
                    Json.indented(
                            new StatusProbe(FoamDirectory.open(foam), e -> {}).status().nodes());
            assertTrue(out.contains("\"nodes\" : [ {"), out);
            assertTrue(nodes.contains("\"name\" : \"sensor\""), nodes);
            for (String field :
                    new String[] {
                        "name",
                        "role",
                        "pid",
                        "incarnation",
                        "state",
                        "heartbeatAgeMillis",
                        "restarts",
                        "device",
                        "streams",
                        "errors"
                    }) {
                assertTrue(out.contains("\"" + field + "\" : "), field);
            }
            assertEquals(1, mark.incarnation());
        }
    }

    @Test
    void shouldSayWhoOfThoseThatAreNeededDoesNotLive() throws Exception {
        try (Mark _ = join("sensor")) {
            join("student").close();
            assertEquals(0, run("ps", "--json", "--require", "sensor", "--dir", foam.toString()));
            assertEquals("", err);
            assertEquals(1, run("ps", "--require", "sensor,student,ear", "--dir", foam.toString()));
            assertEquals("foam ps: student is DEAD\nfoam ps: ear is not there\n", err);
        }
    }

    @Test
    void shouldRemoveADeadFoam() throws Exception {
        join("sensor").close();
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("precious"), "kept");
        Files.createSymbolicLink(foam.resolve("link"), elsewhere);
        Files.createDirectories(foam.resolve("journal/sensor"));
        Files.writeString(foam.resolve("journal/sensor/1.cq4"), "facts");

        assertEquals(0, run("down", "--dir", foam.toString()));
        assertFalse(Files.exists(foam));
        assertTrue(
                Files.exists(elsewhere.resolve("precious")), "a link out of the foam was followed");
        assertEquals(0, run("down", "--dir", foam.toString()));
        assertEquals("no foam at " + foam + "\n", out);
    }

    @Test
    void shouldLookAndStopBesideAMarkThatIsRefused() throws Exception {
        join("sensor").close();
        Files.createDirectory(foam.resolve("folder.mark"));
        Files.createSymbolicLink(foam.resolve("link.mark"), foam.resolve("sensor.mark"));
        for (String command : new String[] {"ps", "stat", "errors", "slots"}) {
            assertEquals(0, run(command, "--dir", foam.toString()), () -> command + err);
        }
        assertEquals(0, run("down", "--dir", foam.toString()), () -> err);
        assertFalse(Files.exists(foam));
    }

    @Test
    void shouldNotTouchADirectoryThatIsNoFoam() throws Exception {
        FoamDirectory.create(foam);
        Files.delete(foam.resolve("created"));
        Files.writeString(foam.resolve("precious"), "kept");
        assertEquals(1, run("down", "--dir", foam.toString()));
        assertTrue(err.contains("not a foam, nothing removed"), err);
        assertTrue(Files.exists(foam.resolve("precious")));
    }

    @Test
    void shouldNotForgetTheStateOfAnEarlierRun() throws Exception {
        Path state = Files.createDirectory(directory.resolve("state"));
        Files.writeString(state.resolve("student"), "learned");
        assertEquals(2, run("up", "--dir", foam.toString(), "--state", state.toString()));
        assertTrue(err.contains("holds the state of an earlier run: add --resume"), err);
    }

    @Test
    void shouldMakeNoStateForALoopThatIsRefused() throws Exception {
        Path state = directory.resolve("state");
        try (Mark _ = join("sensor")) {
            assertEquals(1, run("up", "--dir", foam.toString(), "--state", state.toString()));
            assertTrue(err.contains("the foam has live nodes: sensor"), err);
        }
        assertFalse(Files.exists(state));
    }

    @Test
    void shouldLetOnlyOneUpRunAFoam() throws Exception {
        FoamDirectory directory = FoamDirectory.create(foam);
        try (UpLock _ = UpLock.take(directory)) {
            IOException e = assertThrows(IOException.class, () -> UpLock.take(directory));
            assertTrue(
                    e.getMessage().startsWith("another up runs this foam: pid="), e.getMessage());
            assertEquals(
                    ProcessHandle.current().pid(), UpLock.holder(directory).orElseThrow().pid());
        }
        assertTrue(UpLock.holder(directory).isEmpty());
    }

    @Test
    void shouldFindAnUpWhoseFoamIsGone() throws Exception {
        FoamDirectory made = FoamDirectory.create(foam);
        try (UpLock lock = UpLock.take(made)) {
            assertTrue(lock.isInPlace());
            assertEquals(List.of(), UpLock.bereft(foam));
            FoamRemains.remove(made);
            assertFalse(lock.isInPlace());
            assertEquals(List.of(ProcessHandle.current()), UpLock.bereft(foam));
            FoamDirectory anew = FoamDirectory.create(foam);
            try (UpLock _ = UpLock.take(anew)) {
                assertFalse(lock.isInPlace());
                assertEquals(List.of(ProcessHandle.current()), UpLock.bereft(foam));
            }
        }
        assertEquals(List.of(), UpLock.bereft(foam));
    }

    @Test
    void shouldRefuseASummaryThatCannotBeWrittenBeforeTheRun() {
        assertEquals(2, run("up", "--dir", foam.toString(), "--summary", directory.toString()));
        assertTrue(err.startsWith("foam up: cannot be written: path=" + directory + " ("), err);
        assertFalse(Files.exists(foam));
    }

    private Mark join(String node) throws IOException {
        return Mark.acquire(
                FoamDirectory.create(foam), node, node, "host", new String[] {"java", "Main"});
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
}
