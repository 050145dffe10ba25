package io.fluxfoam.tests.loop;

import static io.fluxfoam.node.Eventually.eventually;

import io.fluxfoam.cli.FoamRemains;
import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.coordinator.status.StreamStatus;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The whole loop as a user starts it, {@code ./foam up}, looked at from outside. */
final class LiveLoop implements AutoCloseable {
    static final List<String> NODES =
            List.of(
                    "coordinator",
                    "sensor",
                    "teacher-vision",
                    "teacher-whisper",
                    "teacher-llm",
                    "student",
                    "evaluator");

    private static final long EVIDENCE_BYTES = 1 << 20;

    private static final Path HOME = Path.of(System.getProperty("foam.home"));

    private final Map<String, String> environment;
    private final Path logs;
    private final Path foamPath;
    private final Process up;
    private final List<Process> others = new ArrayList<>();

    private LiveLoop(Map<String, String> environment, Path logs, Path foamPath, Process up) {
        this.environment = environment;
        this.logs = logs;
        this.foamPath = foamPath;
        this.up = up;
    }

    /**
     * Whether the speech teacher's model could be fetched at build time; else the loop runs without
     * it.
     */
    static boolean hasSpeech() {
        return Files.exists(
                HOME.resolve("nodes/teacher-whisper/target/models/embedding_model.onnx"));
    }

    /** Names of the nodes that this machine's loop has. */
    static List<String> nodes() {
        return NODES.stream()
                .filter(node -> hasSpeech() || !node.equals("teacher-whisper"))
                .toList();
    }

    static LiveLoop up(Path logs, Path foamPath, String... options) throws IOException {
        return up(Map.of(), logs, foamPath, options);
    }

    /** With variables that all its processes see. */
    static LiveLoop up(Map<String, String> environment, Path logs, Path foamPath, String... options)
            throws IOException {
        List<String> all =
                new ArrayList<>(
                        List.of("up", "--dir", foamPath.toString(), "--port", "0", "--headless"));
        all.addAll(List.of(options));
        return new LiveLoop(environment, logs, foamPath, foam(environment, logs, "up", all));
    }

    /** Starts {@code ./foam} with what it says in a log of this name. */
    static Process foam(
            Map<String, String> environment, Path logs, String log, List<String> arguments)
            throws IOException {
        List<String> line = new ArrayList<>(List.of(HOME.resolve("foam").toString()));
        line.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(logs.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        logs.resolve(log + ".log").toFile()));
        builder.environment().putAll(environment);
        builder.environment().put("FOAM_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    /** Runs another verb to its end; returns the exit code. */
    int run(String... arguments) throws IOException, InterruptedException {
        return foam(environment, logs, arguments[0], List.of(arguments)).waitFor();
    }

    /** Starts a node by its script of deploy/, as a user would by hand. */
    void startByHand(String role, String... options) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("node", role, "--foam", foamPath.toString()));
        arguments.addAll(List.of(options));
        if (role.equals("coordinator")) {
            arguments.addAll(List.of("--port", "0"));
        }
        others.add(foam(environment, logs, role + "-by-hand", arguments));
    }

    FoamDirectory foam() throws IOException {
        return FoamDirectory.open(foamPath);
    }

    FoamStatus status() throws IOException {
        return new StatusProbe(foam(), damaged -> {}).status();
    }

    NodeStatus node(String name) throws IOException {
        return status().nodes().stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    String state(String name) throws IOException {
        return node(name).state();
    }

    MarkView mark(String name) throws IOException {
        return MarkView.read(foam(), name);
    }

    /** A node's counter, of its newest incarnation. */
    double counter(String name, String label) throws IOException {
        return counters(name).number(label);
    }

    CountersSnapshot counters(String name) throws IOException {
        return CountersSnapshot.read(foam().file(name, mark(name).incarnation(), "counters"));
    }

    /** Sequence of a stream of the newest incarnation. */
    long sequence(String name, String stream) throws IOException {
        return node(name).streams().stream()
                .filter(s -> s.name().equals(stream))
                .mapToLong(StreamStatus::sequence)
                .findFirst()
                .orElseThrow();
    }

    void kill(String name) throws IOException, InterruptedException {
        ProcessHandle process = ProcessHandle.of(mark(name).pid()).orElseThrow();
        process.destroyForcibly();
        eventually(name + " is gone", () -> !mark(name).state().isHeld());
    }

    void terminate(String name) throws IOException, InterruptedException {
        ProcessHandle.of(mark(name).pid()).orElseThrow().destroy();
        eventually(name + " has stopped", () -> !mark(name).state().isHeld());
    }

    Process upProcess() {
        return up;
    }

    String log(String name) {
        try {
            return Files.readString(logs.resolve(name + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /**
     * Ends whatever is left, by force. A foam that is still there is that of a test that failed:
     * what tells why goes to the logs, and nothing stays in shared memory.
     */
    @Override
    public void close() throws IOException {
        up.destroyForcibly();
        others.forEach(Process::destroyForcibly);
        if (Files.isDirectory(foamPath)) {
            for (String name : foam().nodes()) {
                MarkView mark = mark(name);
                if (mark.state().isHeld()) {
                    ProcessHandle.of(mark.pid()).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
        up.onExit().join();
        if (Files.isDirectory(foamPath)) {
            keepEvidence();
            FoamRemains.remove(foam());
        }
    }

    /** All but the tensors. */
    private void keepEvidence() throws IOException {
        Path kept = Files.createDirectories(logs.resolve(foamPath.getFileName()));
        for (String file : foam().list()) {
            Path path = foamPath.resolve(file);
            if (Files.isRegularFile(path) && Files.size(path) <= EVIDENCE_BYTES) {
                Files.copy(path, kept.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
