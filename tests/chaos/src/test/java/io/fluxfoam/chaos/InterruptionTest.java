package io.fluxfoam.chaos;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LightFoam;
import io.fluxfoam.coordinator.Coordinator;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Whatever ends chaos in the middle of a fault: it leaves nobody behind, and nobody stopped or
 * away.
 */
@Timeout(300)
class InterruptionTest {
    private static final String COORDINATOR = "coordinator";
    private static final String READER = "slow-reader";
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    @TempDir Path directory;

    private Path foamPath() {
        return directory.resolve("foam");
    }

    private Path plan(String... lines) throws IOException {
        return Files.write(directory.resolve("plan"), List.of(lines));
    }

    private LightFoam loop() throws Exception {
        LightFoam light =
                LightFoam.create(foamPath(), JavaProgram.ofThisProcess(), (node, event) -> {});
        light.start(COORDINATOR, Coordinator.class, List.of("--port", "0"));
        light.populate(2);
        eventually(
                "the coordinator lives", () -> mark(light, COORDINATOR).state() == NodeState.ALIVE);
        return light;
    }

    private static MarkView mark(LightFoam light, String node) throws IOException {
        return MarkView.read(light.tested().foam(), node);
    }

    private static boolean isHeld(LightFoam light, String node) throws IOException {
        return Files.exists(light.tested().foam().mark(node)) && mark(light, node).state().isHeld();
    }

    /**
     * Chaos as a process of its own; a shell that runs the tests in the background has SIGINT
     * ignored, which is inherited.
     */
    private Process chaos(Path temporary, Path output, String... options) throws IOException {
        List<String> command = JavaProgram.ofThisProcess().command(Chaos.class, List.of(options));
        List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
        line.addAll(command);
        line.add(
                line.indexOf(command.getFirst()) + 1,
                "-Djava.io.tmpdir=" + Files.createDirectories(temporary));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static void end(Process process, int signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
        assertEquals(128 + signal, process.exitValue());
    }

    private static List<String> list(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void shouldUndoAllWhenItIsTerminated() throws Exception {
        Path plan =
                plan(
                        "0 coordinator-gone",
                        "0 stop light-2",
                        "0 memory-full",
                        "0 slow-reader light-1");
        Path temporary = directory.resolve("temporary");
        Path output = directory.resolve("output");
        try (LightFoam light = loop()) {
            Process chaos =
                    chaos(
                            temporary,
                            output,
                            "--dir",
                            foamPath().toString(),
                            "--plan",
                            plan.toString(),
                            "--absence",
                            "1h");
            try {
                // The reader leaves of its own accord after three seconds; its mark stays.
                eventually(
                        "all faults have begun",
                        () ->
                                Files.exists(light.tested().foam().mark(READER))
                                        && mark(light, COORDINATOR).state() == NodeState.STOPPED
                                        && Files.readString(output).contains("stopped, pid"));
                end(chaos, SIGTERM);
            } finally {
                chaos.destroyForcibly();
            }
            assertFalse(isHeld(light, READER), () -> said(output));
            assertEquals(List.of(), list(temporary), () -> said(output));
            eventually(
                    "the stopped node goes on",
                    () -> mark(light, "light-2").state() == NodeState.ALIVE);
            eventually(
                    "the coordinator is back",
                    () ->
                            mark(light, COORDINATOR).state() == NodeState.ALIVE
                                    && mark(light, COORDINATOR).incarnation() == 2);
        }
    }

    private static String said(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void shouldRemoveItsOwnFoamWhenItIsInterrupted() throws Exception {
        Path temporary = directory.resolve("temporary");
        Path output = directory.resolve("output");
        Process chaos =
                chaos(
                        temporary,
                        output,
                        "--light",
                        "--dir",
                        foamPath().toString(),
                        "--kills",
                        "100000");
        try {
            eventually("it kills", () -> Files.readString(output).contains("killed, pid"));
            end(chaos, SIGINT);
        } finally {
            chaos.destroyForcibly();
        }
        assertFalse(Files.exists(foamPath()), () -> said(output));
        assertEquals(List.of(), list(temporary));
        assertEquals(List.of(), processesThatName(foamPath()));
    }

    private static List<String> processesThatName(Path path) throws IOException {
        List<String> found = new ArrayList<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            try {
                String line =
                        Files.readString(
                                Path.of("/proc", String.valueOf(process.pid()), "cmdline"),
                                StandardCharsets.ISO_8859_1);
                if (line.contains(path.toString())) {
                    found.add(line.replace('\0', ' '));
                }
            } catch (IOException e) {
                continue; // it has ended
            }
        }
        return found;
    }

    /** The same without a signal. */
    @Test
    void shouldUndoAllWhenItFails() throws Exception {
        RunningFoam running = CommandLine.populateCommand(new RunningFoam());
        ScheduleOptions timetable =
                CommandLine.populateCommand(
                        new ScheduleOptions(),
                        "--absence",
                        "1h",
                        "--plan",
                        plan("0 coordinator-gone", "1 stop light-2").toString());
        BiConsumer<String, String> events =
                (node, event) -> {
                    if (event.startsWith("stopped")) {
                        throw new IllegalStateException(event);
                    }
                };
        try (LightFoam light = loop()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> running.fault(foamPath(), 1, timetable, events));
            eventually(
                    "the stopped node goes on",
                    () -> mark(light, "light-2").state() == NodeState.ALIVE);
            eventually(
                    "the coordinator is back",
                    () ->
                            mark(light, COORDINATOR).state() == NodeState.ALIVE
                                    && mark(light, COORDINATOR).incarnation() == 2);
        }
    }
}
