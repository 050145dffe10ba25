package io.fluxfoam.tests.start;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The whole loop calls nobody and leaves nothing behind. ONNX Runtime, left to itself, looks up a
 * host of its maker ten seconds after a teacher's start, and keeps a device's id and a database in
 * the user's cache and a log in the temporary directory.
 */
@Timeout(600)
class KeepToItselfTest {
    private static final Path HOME = Path.of(System.getProperty("foam.home"));

    /** Seven a second: more than twice the ten seconds. */
    private static final int FRAMES = 150;

    /** Of strace: a question for a name, or an address that is none of this machine's own. */
    private static final Pattern CALL =
            Pattern.compile(
                    "htons\\(53\\)|sa_family=AF_INET6?, (?!.*(inet_addr\\(\"127\\.|\"::1\"|\"::ffff:127\\.))");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Path foam = Path.of("/dev/shm/foam-test-" + UUID.randomUUID());
    private Process up;

    @AfterEach
    void endAll() throws Exception {
        if (up != null && up.isAlive()) {
            down();
            up.destroyForcibly();
        }
    }

    @Test
    void shouldCallNobodyAndLeaveNothing() throws Exception {
        Path trace = directory.resolve("trace");
        boolean traced = hasStrace();
        List<String> line = new ArrayList<>();
        if (traced) {
            // With the filter only the calls that are looked for stop a process.
            line.addAll(
                    List.of(
                            "strace",
                            "-f",
                            "-qq",
                            "--seccomp-bpf",
                            "-e",
                            "trace=connect,sendto,sendmsg,sendmmsg"));
            line.addAll(List.of("-o", trace.toString()));
        }
        line.addAll(
                List.of(
                        HOME.resolve("foam").toString(),
                        "up",
                        "--headless",
                        "--port",
                        "0",
                        "--dir",
                        foam.toString()));
        up = start("up", line);
        for (String node : teachers()) {
            eventually(
                    () -> node + " is there\n" + read("up.log"),
                    () -> MarkView.read(FoamDirectory.open(foam), node).state() == NodeState.ALIVE);
        }
        for (String node : teachers()) {
            eventually(() -> node + " begins\n" + read("up.log"), () -> frames(node) > 0);
            eventually(() -> node + " teaches\n" + read("up.log"), () -> frames(node) >= FRAMES);
        }
        eventually("the student learns", () -> counters("student").number("step") > 0);
        down();
        assertTrue(up.waitFor(60, TimeUnit.SECONDS), "up lives on");
        assertEquals(0, up.exitValue(), () -> read("up.log"));

        assertEquals(List.of(), names("user"));
        assertEquals(List.of(), names("tmp"));
        assertEquals(List.of(foam.getFileName() + ".summary.json"), names("here"));
        assertTrue(Files.notExists(foam), "the foam is still there");
        assumeTrue(traced, "not looked at: what it sends (there is no strace that may trace)");
        try (Stream<String> calls = Files.lines(trace)) {
            assertEquals(List.of(), calls.filter(call -> CALL.matcher(call).find()).toList());
        }
    }

    private static List<String> teachers() {
        boolean hasSpeech =
                Files.exists(
                        HOME.resolve("nodes/teacher-whisper/target/models/embedding_model.onnx"));
        return Stream.of("teacher-vision", "teacher-llm", "teacher-whisper")
                .filter(node -> hasSpeech || !node.equals("teacher-whisper"))
                .toList();
    }

    private boolean hasStrace() throws InterruptedException {
        try {
            return start(
                                    "strace",
                                    List.of(
                                            "strace",
                                            "-f",
                                            "-qq",
                                            "--seccomp-bpf",
                                            "-o",
                                            "/dev/null",
                                            "true"))
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void down() throws IOException, InterruptedException {
        start("down", List.of(HOME.resolve("foam").toString(), "down", "--dir", foam.toString()))
                .waitFor();
    }

    private double frames(String node) throws IOException {
        return counters(node).number("frames");
    }

    private CountersSnapshot counters(String node) throws IOException {
        FoamDirectory directory = FoamDirectory.open(foam);
        return CountersSnapshot.read(
                directory.file(node, MarkView.read(directory, node).incarnation(), "counters"));
    }

    /**
     * With folders of its own for what may not stay; what JavaCPP unpacks is meant to, and is
     * large.
     */
    private Process start(String name, List<String> line) throws IOException {
        Path user = Files.createDirectories(directory.resolve("user"));
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        Path unpacked = Path.of(System.getProperty("user.home"), ".javacpp", "cache");
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(Files.createDirectories(directory.resolve("here")).toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(name + ".log").toFile());
        builder.environment().put("FOAM_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("HOME", user.toString());
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment()
                .put(
                        "JDK_JAVA_OPTIONS",
                        "-Djava.io.tmpdir="
                                + temporary
                                + " -Duser.home="
                                + user
                                + " -Dorg.bytedeco.javacpp.cachedir="
                                + unpacked);
        builder.environment().remove("XDG_CACHE_HOME");
        builder.environment().remove("ORT_DISABLE_TELEMETRY");
        return builder.start();
    }

    private String read(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private List<String> names(String folder) throws IOException {
        Path path = directory.resolve(folder);
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(file -> !file.equals(path))
                    .map(file -> path.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
