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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    private static final Path HOME = Premises.HOME;

    /** Seven a second: more than the ten seconds. */
    private static final int FRAMES = 90;

    /** Of strace: a question for a name, or an address that is none of this machine's own. */
    private static final Pattern CALL =
            Pattern.compile(
                    "htons\\(53\\)|sa_family=AF_INET6?, (?!.*(inet_addr\\(\"127\\.|\"::1\"|\"::ffff:127\\.))");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private Premises premises;
    private Path foam;
    private Process up;

    @BeforeEach
    void takePremises() throws IOException {
        premises = new Premises(directory);
        foam = premises.foam();
    }

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
                        foam.toString(),
                        "--summary",
                        directory.resolve("summary").toString()));
        up = premises.start("up", line.toArray(String[]::new));
        for (String node : teachers()) {
            eventually(
                    () -> node + " is there\n" + premises.said("up"),
                    () -> MarkView.read(FoamDirectory.open(foam), node).state() == NodeState.ALIVE);
        }
        for (String node : teachers()) {
            eventually(() -> node + " begins\n" + premises.said("up"), () -> frames(node) > 0);
            eventually(
                    () -> node + " teaches\n" + premises.said("up"), () -> frames(node) >= FRAMES);
        }
        eventually("the student learns", () -> counters("student").number("step") > 0);
        down();
        assertTrue(up.waitFor(60, TimeUnit.SECONDS), "up lives on");
        assertEquals(0, up.exitValue(), () -> premises.said("up"));

        assertEquals(Set.of(), premises.left());
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
            return premises.start(
                                    "strace",
                                    "strace",
                                    "-f",
                                    "-qq",
                                    "--seccomp-bpf",
                                    "-o",
                                    "/dev/null",
                                    "true")
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void down() throws IOException, InterruptedException {
        premises.foam("down", "down", "--dir", foam.toString()).waitFor();
    }

    private double frames(String node) throws IOException {
        return counters(node).number("frames");
    }

    private CountersSnapshot counters(String node) throws IOException {
        FoamDirectory directory = FoamDirectory.open(foam);
        return CountersSnapshot.read(
                directory.file(node, MarkView.read(directory, node).incarnation(), "counters"));
    }
}
