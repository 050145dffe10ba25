package io.fluxfoam.tests.start;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The whole loop, and the verbs that look at it, in the surroundings that newcomers have: each ends
 * as asked, no node has an error, and nothing stays anywhere. The foam's path is not ASCII; this
 * process may be in the C locale too and could not spell it, so a shell does, and a link leads
 * there.
 */
@Timeout(300)
class SurroundingsTest {
    private static final String UNKNOWN_USER = "65533";

    private static final List<String> AS_UNKNOWN_USER =
            List.of(
                    "setpriv",
                    "--reuid=" + UNKNOWN_USER,
                    "--regid=" + UNKNOWN_USER,
                    "--clear-groups");

    /** May read what others may not, as jars below a closed home are, and write nothing. */
    private static final List<String> AS_READER =
            Stream.concat(
                            AS_UNKNOWN_USER.stream(),
                            Stream.of(
                                    "--bounding-set=-all,+dac_read_search",
                                    "--inh-caps=-all,+dac_read_search",
                                    "--ambient-caps=-all,+dac_read_search"))
                    .toList();

    private static final String FOAM =
            "set -e; above=\"$PARENT/a \"$'\\xc3\\xa9'; foam=$above/foam; summary=summary-$'\\xc3\\xa9';"
                    + " foam() { \"$FOAM_HOME/foam\" \"$@\" --dir \"$foam\"; }; ";

    enum Surroundings {
        EGYPT,
        C_LOCALE_AND_NO_HOME,
        ANOTHER_USER
    }

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private Premises premises;
    private List<String> prefix = List.of();
    private String said;

    @BeforeEach
    void takePremises() throws IOException {
        premises = new Premises(directory);
        premises.set("FOAM_HOME", Premises.HOME.toString());
        premises.set("PARENT", premises.foam().toString());
        Files.createDirectory(premises.foam());
    }

    @AfterEach
    void clearFoam() throws Exception {
        if (Files.notExists(premises.foam())) {
            return;
        }
        run("if [[ -e $foam ]]; then foam down; fi; [[ ! -e $above ]] || rmdir \"$above\"");
        Files.delete(premises.foam());
    }

    private Process start(String log, String script) throws IOException {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of("bash", "-c", FOAM + script));
        return premises.start(log, line.toArray(String[]::new));
    }

    private boolean succeeds(String script) throws IOException, InterruptedException {
        Process process = start("run", script);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "hangs: " + script);
        said = premises.said("run");
        assertFalse(said.matches("(?s).*[\u0660-\u0669].*"), "Arabic digits: " + said);
        return process.exitValue() == 0;
    }

    private String run(String script) throws IOException, InterruptedException {
        assertTrue(succeeds(script), () -> script + ": " + said);
        return said;
    }

    private void enter(Surroundings surroundings) throws Exception {
        for (String name : List.of("LC_ALL", "LC_CTYPE", "LANG", "LANGUAGE")) {
            premises.set(name, null);
        }
        switch (surroundings) {
            case EGYPT -> {
                premises.set("LANG", "ar_EG.UTF-8");
                premises.set("JAVA_TOOL_OPTIONS", "-Duser.language=ar -Duser.country=EG");
            }
            case C_LOCALE_AND_NO_HOME -> {
                premises.set("LC_ALL", "C");
                premises.leaveHome();
            }
            case ANOTHER_USER -> becomeAnother();
        }
    }

    /** Skipped where this user may not become another, or no other comes to the checkout. */
    private void becomeAnother() throws Exception {
        String launcher = Premises.HOME.resolve("foam").toString();
        for (List<String> prefix : List.of(AS_UNKNOWN_USER, AS_READER)) {
            List<String> line = new ArrayList<>(prefix);
            line.addAll(List.of("test", "-x", launcher));
            assumeTrue(
                    succeeds(line), () -> "not run as another user: " + premises.said("setpriv"));
        }
        premises.giveTo(UNKNOWN_USER);
        prefix = AS_READER;
    }

    private boolean succeeds(List<String> line) throws InterruptedException {
        try {
            return premises.start("setpriv", line.toArray(String[]::new)).waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no setpriv
        }
    }

    private static List<String> nodes() {
        boolean hasSpeech =
                Files.exists(
                        Premises.HOME.resolve(
                                "nodes/teacher-whisper/target/models/embedding_model.onnx"));
        return Stream.of(
                        "coordinator",
                        "sensor",
                        "teacher-vision",
                        "teacher-whisper",
                        "teacher-llm",
                        "student",
                        "evaluator")
                .filter(node -> hasSpeech || !node.equals("teacher-whisper"))
                .toList();
    }

    /** By the tool: of another user's foam this process may open nothing. */
    private boolean areAllAtWork() throws IOException, InterruptedException {
        return succeeds("sleep 1; foam stat")
                && nodes().stream()
                        .map(node -> node + (node.startsWith("teacher") ? " +frames +[1-9]" : " "))
                        .allMatch(fact -> said.matches("(?s)(.*\n)?" + fact + ".*"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunTheLoopAndLeaveNothing(Surroundings surroundings) throws Exception {
        enter(surroundings);
        run("mkdir \"$above\"");
        Process up =
                start(
                        "up",
                        "exec \"$FOAM_HOME/foam\" up --headless --port 0 --keep --dir \"$foam\""
                                + " --summary \"$summary\"");
        try {
            eventually(() -> "all are at work: " + premises.said("up") + said, this::areAllAtWork);
            run("foam ps --streams");
            for (String node : nodes()) {
                assertTrue(said.matches("(?s).*\n" + node + " +\\S+ +(ALIVE|STALLED) .*"), said);
            }
            run("foam stat sensor");
            assertTrue(said.matches("(?s).*sensor +skippedItems +0(\n.*)?"), said);
            run("foam tail sensor/picture -n 1");
            assertTrue(said.matches("(?s).* frame 1:\\d+ .*u8\\[.*  age \\d.*"), said);
        } finally {
            up.destroy();
        }
        assertTrue(up.waitFor(60, TimeUnit.SECONDS), () -> "up lives on: " + premises.said("up"));
        assertEquals(0, up.exitValue(), () -> premises.said("up"));
        assertEquals("", run("foam errors"));
        run("foam down");
        assertTrue(said.endsWith("/a \u00e9/foam removed"), said);
        run("cat \"$summary\"; rm \"$summary\"; rmdir \"$above\"");
        assertTrue(said.contains("\"sensor\""), said);
        Files.delete(premises.foam());
        assertEquals(Set.of(), premises.left());
    }
}
