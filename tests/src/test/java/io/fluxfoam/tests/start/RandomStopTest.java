package io.fluxfoam.tests.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Nodes of every role that are told to stop at a random instant of their start leave cleanly: their
 * mark says STOPPED, they say nothing, and nothing of theirs stays in the temporary directory. Only
 * one whose JVM itself is not up yet ends by the signal, or by the JVM's own "Bad level" (its
 * shutdown and its start run into each other), and has then no mark.
 */
class RandomStopTest {
    private static final long SEED = Long.getLong("seed", 20261128L);
    private static final int WATCHDOG_S = 300;
    private static final int SIGTERM_EXIT = 143;
    private static final String JVM_NOT_UP = "jdk.internal.misc.VM.initLevel";
    private static final Path HOME = Premises.HOME;

    private static final String SPEECH_MODEL =
            "nodes/teacher-whisper/target/models/embedding_model.onnx";

    /** Longer than a start on a machine that has nothing else to do; say more on a crowded one. */
    private static final int START_MS = Integer.getInteger("startMs", 2_500);

    private static final String OWN_MODEL =
            "nodes/teacher/src/test/resources/io/fluxfoam/teacher/ok.onnx";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private Premises premises;

    @BeforeEach
    void takePremises() throws IOException {
        premises = new Premises(directory);
    }

    /** Each that {@code ./foam node} names. */
    static List<String> roles() {
        return List.of(
                "coordinator",
                "sensor",
                "teacher-vision",
                "teacher-whisper",
                "teacher-llm",
                "teacher-voice",
                "teacher",
                "student",
                "ear",
                "evaluator",
                "bridge");
    }

    @Test
    void shouldLeaveOutNoRole() throws Exception {
        Process refused = premises.foam("refused", "node", "nobody");
        assertTrue(refused.waitFor(WATCHDOG_S, TimeUnit.SECONDS));
        assertEquals(
                "foam: no such node: nobody (roles: " + String.join(" ", roles()) + ")",
                premises.said("refused"));
    }

    @ParameterizedTest
    @MethodSource("roles")
    @Timeout(600)
    void shouldLeaveWheneverItIsToldToStop(String role) throws Exception {
        stopAtRandom(role, 1);
    }

    @ParameterizedTest
    @MethodSource("roles")
    @Tag("slow")
    @Timeout(7_200)
    void shouldLeaveWheneverItIsToldToStopAHundredTimes(String role) throws Exception {
        stopAtRandom(role, 100);
    }

    @Test
    @Timeout(600)
    void shouldEndTheLoopCleanlyThatHasHardlyBegun() throws Exception {
        runBriefly(1);
    }

    @Test
    @Tag("slow")
    @Timeout(7_200)
    void shouldEndTheLoopCleanlyThatHasHardlyBegunAHundredTimes() throws Exception {
        runBriefly(100);
    }

    private void runBriefly(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            String run = "run " + i + ": ";
            Process up =
                    premises.foam(
                            "up",
                            "up",
                            "--duration",
                            "1s",
                            "--headless",
                            "--port",
                            "0",
                            "--dir",
                            premises.foam().toString(),
                            "--summary",
                            directory.resolve("summary").toString());
            assertTrue(
                    up.waitFor(WATCHDOG_S, TimeUnit.SECONDS),
                    () -> run + "up lives on: " + premises.said("up"));
            assertEquals(0, up.exitValue(), () -> run + premises.said("up"));
            assertEquals(Set.of(), premises.left(), run);
        }
    }

    private void stopAtRandom(String role, int times) throws Exception {
        boolean isThere =
                !List.of("teacher-whisper", "ear").contains(role)
                        || Files.exists(HOME.resolve(SPEECH_MODEL));
        assumeTrue(isThere, "the speech teacher's model could not be fetched at build time");
        System.out.println("role=" + role + " seed=" + SEED);
        Random random = new Random(SEED ^ role.hashCode());
        for (int i = 0; i < times; i++) {
            startAndStop(role, random.nextInt(START_MS));
        }
        clearFoam();
        assertEquals(Set.of(), premises.left());
    }

    private void startAndStop(String role, int afterMs) throws Exception {
        Process node = start(role);
        Thread.sleep(afterMs);
        node.destroy();
        if (!node.waitFor(WATCHDOG_S, TimeUnit.SECONDS)) {
            node.destroyForcibly();
            throw new AssertionError(role + " told to stop after " + afterMs + " ms still runs");
        }
        String said = premises.said(role);
        String what = role + " told to stop after " + afterMs + " ms: " + said;
        Optional<MarkView> mark = mark(role).filter(m -> m.pid() == node.pid());
        if (node.exitValue() == SIGTERM_EXIT
                || node.exitValue() == 1 && said.contains(JVM_NOT_UP)) {
            assertTrue(mark.isEmpty(), what);
        } else {
            assertEquals(0, node.exitValue(), what);
            assertEquals("", said, what);
            mark.ifPresent(m -> assertEquals(NodeState.STOPPED, m.state(), what));
        }
    }

    private Process start(String role) throws IOException {
        List<String> line = new ArrayList<>(List.of("node", role, "--foam"));
        line.add(premises.foam().toString());
        if (role.equals("coordinator")) {
            line.addAll(List.of("--port", "0"));
        }
        if (role.equals("bridge")) {
            line.addAll(List.of("--listen", "127.0.0.1:47701", "--export", "sensor/*"));
        }
        if (role.equals("teacher")) {
            line.addAll(List.of("--model", HOME.resolve(OWN_MODEL).toString()));
        }
        return premises.foam(role, line.toArray(String[]::new));
    }

    /** By what every user does it with. */
    @AfterEach
    void clearFoam() throws Exception {
        if (Files.notExists(premises.foam())) {
            return;
        }
        String foam = premises.foam().toString();
        Process down = premises.foam("down", "down", "--dir", foam);
        assertTrue(down.waitFor(WATCHDOG_S, TimeUnit.SECONDS), "down lives on");
        assertEquals(0, down.exitValue(), () -> premises.said("down"));
    }

    private Optional<MarkView> mark(String role) throws IOException {
        return Files.isDirectory(premises.foam())
                        && Files.exists(premises.foam().resolve(role + ".mark"))
                ? Optional.of(MarkView.read(FoamDirectory.open(premises.foam()), role))
                : Optional.empty();
    }
}
