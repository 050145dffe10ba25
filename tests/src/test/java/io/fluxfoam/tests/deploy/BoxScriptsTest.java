package io.fluxfoam.tests.deploy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.cli.CliSyntax;
import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.coordinator.status.StudentStatus;
import io.fluxfoam.coordinator.status.TeacherStatus;
import io.fluxfoam.liveness.FileTree;
import io.fluxfoam.liveness.FoamDirectory;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Two boxes by deploy/boxes. */
class BoxScriptsTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void shouldMakeAKeyOnceAndForItsOwnerAlone() throws Exception {
        Path key = folder.resolve("key");
        String script = BoxScript.HOME.resolve("deploy/boxes/key.sh").toString();
        assertEquals(0, run(script, key.toString()));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        byte[] secret = Files.readAllBytes(key);
        assertEquals(32, secret.length);
        assertFalse(run(script, key.toString()) == 0);
        assertArrayEquals(secret, Files.readAllBytes(key));
    }

    private int run(String... line) throws IOException, InterruptedException {
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("said").toFile()))
                .start()
                .waitFor();
    }

    @Test
    void shouldSayWhatTheCommandLineKnows() throws Exception {
        CliSyntax cli = CliSyntax.of(BoxScript.HOME.resolve("foam"));
        BoxScript scripts = new BoxScript(folder);
        // A path of another sort: what it is made of must come through the shell whole.
        String odd = folder.resolve("a key's").toString();
        List<BoxFacts> boxes = new ArrayList<>();
        for (String[] box : new String[][] {{"desk.sh", "1"}, {"teachers.sh", "2"}}) {
            List<String> given =
                    List.of(
                            "--listen",
                            "10.0.0." + box[1] + ":7700",
                            "--key",
                            odd,
                            "--duration",
                            "5m",
                            "--peer",
                            "10.0.0." + (3 - Integer.parseInt(box[1])) + ":7700");
            BoxScript.Started started = scripts.run(box[0], given);
            cli.parse(started.up());
            assertTrue(started.up().containsAll(List.of("--duration", "5m")));
            BoxFacts facts = BoxFacts.of(cli.parse(started.bridge()));
            assertEquals(odd, facts.key());
            boxes.add(facts);
        }
        BoxFacts.assertFit(
                boxes.getFirst(),
                boxes.getLast(),
                Map.of("desk", "10.0.0.1", "teachers", "10.0.0.2"));
        for (String missing : List.of("--listen", "--peer")) {
            String other = missing.equals("--listen") ? "--peer" : "--listen";
            assertEquals(2, run(folder.resolve("deploy/boxes/desk.sh").toString(), other, "a:1"));
        }
    }

    /**
     * The real thing: two foams on this machine's loopback, teachers in the one, sensor and student
     * in the other.
     */
    @Test
    @Tag("slow")
    @Timeout(420)
    void shouldLearnInOneBoxWhatTheOtherTeaches() throws Exception {
        Path key = folder.resolve("key");
        assertEquals(
                0, run(BoxScript.HOME.resolve("deploy/boxes/key.sh").toString(), key.toString()));
        String desk = "127.0.0.1:" + freePort();
        String teachers = "127.0.0.1:" + freePort();
        Map<String, Path> foams = new HashMap<>();
        Map<String, Process> boxes = new TreeMap<>();
        try {
            start("desk", desk, teachers, key, foams, boxes);
            start("teachers", teachers, desk, key, foams, boxes);
            await(() ->
                    status(foams.get("desk")).nodes().stream()
                            .filter(node -> (node.name() + "@teachers").equals(node.origin()))
                            .map(NodeStatus::name)
                            .toList()
                            .containsAll(Set.of("teacher-llm", "teacher-vision")));
            await(() -> {
                StudentStatus student = status(foams.get("desk")).student();
                return student.step() != null
                        && student.step() > 0
                        && isPresent(student.teachers(), "teacher-llm")
                        && isPresent(student.teachers(), "teacher-vision");
            });
        } finally {
            boxes.values().forEach(Process::destroy);
            for (Process box : boxes.values()) {
                if (!box.waitFor(60, TimeUnit.SECONDS)) {
                    box.destroyForcibly();
                }
            }
            for (Path foam : foams.values()) {
                if (Files.exists(foam)) {
                    FileTree.remove(foam);
                }
            }
        }
        for (Map.Entry<String, Process> box : boxes.entrySet()) {
            assertEquals(0, box.getValue().exitValue(), () -> said(box.getKey()));
        }
    }

    /** For minutes, as on a crowded machine the student loads for one. The test's limit ends it. */
    private static void await(Callable<Boolean> condition) throws Exception {
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (IOException e) {
                // the foam is not there yet
            }
            Thread.sleep(50);
        }
    }

    private static boolean isPresent(Map<String, TeacherStatus> teachers, String name) {
        TeacherStatus teacher = teachers.get(name);
        return teacher != null && Boolean.TRUE.equals(teacher.present());
    }

    private void start(
            String box,
            String listen,
            String peer,
            Path key,
            Map<String, Path> foams,
            Map<String, Process> boxes)
            throws IOException {
        Path foam = Path.of("/dev/shm/foam-test-" + UUID.randomUUID());
        foams.put(box, foam);
        ProcessBuilder builder =
                new ProcessBuilder(
                                BoxScript.HOME.resolve("deploy/boxes/" + box + ".sh").toString(),
                                "--listen",
                                listen,
                                "--peer",
                                peer,
                                "--key",
                                key.toString(),
                                "--dir",
                                foam.toString(),
                                "--port",
                                "0")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(box + ".log").toFile());
        builder.environment().put("FOAM_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        boxes.put(box, builder.start());
    }

    private String said(String box) {
        try {
            return Files.readString(folder.resolve(box + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static FoamStatus status(Path foam) throws IOException {
        return new StatusProbe(FoamDirectory.open(foam), _ -> {}).status();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
