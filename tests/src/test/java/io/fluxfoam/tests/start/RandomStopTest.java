package io.fluxfoam.tests.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.stream.Collectors.joining;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Nodes of every role that are told to stop at a random instant of their start leave cleanly: their
 * mark says STOPPED, they say nothing, and nothing of theirs stays in the temporary directory. Only
 * one whose JVM itself is not up yet ends by the signal, or by the JVM's own "Bad level" (its
 * shutdown and its start run into each other), and has then no mark.
 */
class RandomStopTest {
    private static final long SEED = Long.getLong("seed", 20261128L);
    private static final int WATCHDOG_S = 60;
    private static final int SIGTERM_EXIT = 143;
    private static final String JVM_NOT_UP = "jdk.internal.misc.VM.initLevel";
    private static final Path HOME = Path.of(System.getProperty("foam.home"));

    private static final String SPEECH_MODEL =
            "nodes/teacher-whisper/target/models/embedding_model.onnx";

    /** Longer than a start on a machine that has nothing else to do. */
    private static final int START_MS = 2_500;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "coordinator",
                "sensor",
                "teacher-vision",
                "teacher-whisper",
                "teacher-llm",
                "student",
                "evaluator"
            })
    @Timeout(300)
    void shouldLeaveWheneverItIsToldToStop(String role) throws Exception {
        stopAtRandom(role, 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "coordinator",
                "sensor",
                "teacher-vision",
                "teacher-whisper",
                "teacher-llm",
                "student",
                "evaluator"
            })
    @Tag("slow")
    @Timeout(3_000)
    void shouldLeaveWheneverItIsToldToStopAHundredTimes(String role) throws Exception {
        stopAtRandom(role, 100);
    }

    @Test
    @Timeout(300)
    void shouldEndTheLoopCleanlyThatHasHardlyBegun() throws Exception {
        runBriefly(2);
    }

    @Test
    @Tag("slow")
    @Timeout(3_000)
    void shouldEndTheLoopCleanlyThatHasHardlyBegunAHundredTimes() throws Exception {
        runBriefly(100);
    }

    private void runBriefly(int times) throws Exception {
        Path log = directory.resolve("log");
        List<String> line =
                List.of(
                        "up",
                        "--duration",
                        "1s",
                        "--headless",
                        "--port",
                        "0",
                        "--dir",
                        foam().toString());
        for (int i = 0; i < times; i++) {
            Process up = launch(line, log);
            assertTrue(up.waitFor(WATCHDOG_S, TimeUnit.SECONDS), () -> "up lives on: " + said(log));
            assertEquals(0, up.exitValue(), () -> said(log));
            assertTrue(Files.notExists(foam()), "the foam is still there");
            assertEquals(List.of(), names(temporary()));
        }
    }

    private void stopAtRandom(String role, int times) throws Exception {
        boolean isThere =
                !role.equals("teacher-whisper") || Files.exists(HOME.resolve(SPEECH_MODEL));
        assumeTrue(isThere, "the speech teacher's model could not be fetched at build time");
        System.out.println("role=" + role + " seed=" + SEED);
        Random random = new Random(SEED ^ role.hashCode());
        for (int i = 0; i < times; i++) {
            startAndStop(role, random.nextInt(START_MS));
        }
        assertEquals(List.of(), names(temporary()));
    }

    private void startAndStop(String role, int afterMs) throws Exception {
        Path log = directory.resolve("log");
        Files.deleteIfExists(log);
        Process node = start(role, log);
        Thread.sleep(afterMs);
        node.destroy();
        if (!node.waitFor(WATCHDOG_S, TimeUnit.SECONDS)) {
            node.destroyForcibly();
            throw new AssertionError(role + " told to stop after " + afterMs + " ms still runs");
        }
        String said = said(log);
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

    /** Without what Java says of our variable. */
    private static String said(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> !line.startsWith("NOTE: Picked up")).collect(joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process start(String role, Path log) throws IOException {
        List<String> line = new ArrayList<>(List.of("node", role, "--foam", foam().toString()));
        if (role.equals("coordinator")) {
            line.addAll(List.of("--port", "0"));
        }
        return launch(line, log);
    }

    private Process launch(List<String> arguments, Path log) throws IOException {
        List<String> line = new ArrayList<>(List.of(HOME.resolve("foam").toString()));
        line.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("FOAM_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TMPDIR", temporary().toString());
        builder.environment().put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary());
        return builder.start();
    }

    private Path foam() {
        return directory.resolve("foam");
    }

    private Path temporary() throws IOException {
        return Files.createDirectories(directory.resolve("tmp"));
    }

    private Optional<MarkView> mark(String role) throws IOException {
        return Files.isDirectory(foam()) && Files.exists(foam().resolve(role + ".mark"))
                ? Optional.of(MarkView.read(FoamDirectory.open(foam()), role))
                : Optional.empty();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
