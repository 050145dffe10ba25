package io.fluxfoam.tests;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * When {@code ./foam} builds, in a home of its own whose Maven only notes that it was called, and
 * fails: a broken tree.
 */
@Timeout(120)
class LauncherTest {
    private static final Path HOME = Path.of(System.getProperty("foam.home"));
    private static final Instant BUILT_AT = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir Path directory;
    private final List<Process> started = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();
    private List<String> prefix = List.of();
    private Path home;
    private Path foam;
    private String said;

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectory(directory.resolve("home")).toRealPath();
        foam = directory.resolve("foam");
        Files.copy(HOME.resolve("foam"), home.resolve("foam"));
        executable(home.resolve("foam"));
        Files.createDirectory(home.resolve("deploy"));
        Files.copy(HOME.resolve("deploy/jvm.options"), home.resolve("deploy/jvm.options"));
        for (String module :
                List.of("node-sdk", "coordinator", "cli", "tests/bench", "tests/learn")) {
            Path target = Files.createDirectories(home.resolve(module).resolve("target"));
            Files.writeString(
                    target.resolve("classpath.txt"), System.getProperty("java.class.path"));
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            at(
                    BUILT_AT.minusSeconds(1),
                    Files.writeString(home.resolve(module).resolve("pom.xml"), "<project/>"));
        }
        Files.createDirectory(home.resolve("target"));
        Files.createDirectory(home.resolve("bin"));
        maven(1);
        stamp("target/foam.built", BUILT_AT);
    }

    @AfterEach
    void endAll() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    private void maven(int exitCode) throws IOException {
        Path maven = home.resolve("bin/mvn");
        Files.writeString(
                maven, "#!/bin/sh\necho \"$@\" >> \"${0%/*/*}/builds\"\nexit " + exitCode + "\n");
        executable(maven);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static void at(Instant time, Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private void stamp(String file, Instant time) throws IOException {
        Path stamp = home.resolve(file);
        if (!Files.exists(stamp)) {
            Files.createFile(stamp);
        }
        at(time, stamp);
    }

    private void changeASource() throws IOException {
        Files.writeString(home.resolve("node-sdk/src/main/New.java"), "not Java");
    }

    private List<String> builds() throws IOException {
        Path builds = home.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
    }

    private Process start(String... arguments) throws IOException {
        List<String> line = new ArrayList<>(prefix);
        line.add(home.resolve("foam").toString());
        line.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(arguments[0] + ".out").toFile());
        builder.environment().remove("FOAM_NO_BUILD");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().putAll(variables);
        builder.environment().values().removeIf(String::isEmpty);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static List<String> family(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(member -> member.info().commandLine().orElse("pid=" + member.pid()))
                .toList();
    }

    private int run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "hangs: " + family(process));
        said = Files.readString(directory.resolve(arguments[0] + ".out"));
        return process.exitValue();
    }

    @Test
    void shouldLookAndStopInABrokenTree() throws Exception {
        changeASource();
        FoamDirectory.create(foam);
        for (String verb : List.of("version", "ps", "stat", "errors", "slots", "down")) {
            String[] line =
                    verb.equals("version")
                            ? new String[] {verb}
                            : new String[] {verb, "--dir", foam.toString()};
            assertEquals(0, run(line), () -> verb + ": " + said);
        }
        assertEquals(List.of(), builds());
        assertFalse(Files.exists(foam));
    }

    @Test
    void shouldBuildWhatIsNotThereForAnyVerb() throws Exception {
        Files.delete(home.resolve("cli/target/classpath.txt"));
        assertEquals(1, run("version"));
        assertEquals(1, builds().size());
        assertTrue(said.contains("foam: the build failed"), said);
    }

    @Test
    void shouldBuildWhatHasChangedBeforeItStartsANode() throws Exception {
        assertEquals(0, run("node", "coordinator", "--help"), () -> said);
        assertEquals(List.of(), builds());
        changeASource();
        for (List<String> line :
                List.of(
                        List.of("node", "coordinator", "--help"),
                        List.of("up"),
                        List.of("chaos"))) {
            int before = builds().size();
            assertEquals(1, run(line.toArray(String[]::new)), () -> line + ": " + said);
            assertEquals(before + 1, builds().size(), line.toString());
        }
    }

    @Test
    void shouldNotBuildUnderALivingNode() throws Exception {
        Process node = start("node", "coordinator", "--foam", foam.toString(), "--port", "0");
        eventually(
                () -> "it lives: " + node.isAlive(),
                () ->
                        MarkView.read(FoamDirectory.open(foam), "coordinator").state()
                                == NodeState.ALIVE);
        changeASource();
        assertEquals(0, run("node", "coordinator", "--help"), () -> said);
        assertEquals(List.of(), builds());
        String line =
                "foam: sources changed, going on with the old build of the foam: it is in use, pid="
                        + node.pid();
        assertEquals(line, said.lines().findFirst().orElse(""));
        Files.delete(home.resolve("deploy/jvm.options")); // as a checkout of another commit may do
        Files.copy(HOME.resolve("deploy/jvm.options"), home.resolve("deploy/jvm.options"));
        assertEquals(0, run("node", "coordinator", "--help"), () -> said);
        assertEquals(line, said.lines().findFirst().orElse(""));
        assertEquals(0, run("down", "--dir", foam.toString()), () -> said);
        node.waitFor();
        assertEquals(1, run("node", "coordinator", "--help"));
        assertEquals(1, builds().size());
    }

    @Test
    void shouldBuildTheBenchesAfterTheSdk() throws Exception {
        maven(0);
        stamp("tests/bench/target/bench.built", BUILT_AT.minusSeconds(1));
        run("bench", "--help");
        assertEquals(1, builds().size());
        assertTrue(builds().getFirst().endsWith("-pl tests/bench -am package"), builds()::toString);
        run("bench", "--help");
        assertEquals(1, builds().size(), "nothing has changed since");
        at(Instant.now().plusSeconds(60), home.resolve("tests/bench/pom.xml"));
        run("bench", "--help");
        assertEquals(2, builds().size());
    }

    @Test
    void shouldBuildTheBenchOfLearningAlone() throws Exception {
        maven(0);
        stamp("tests/learn/target/learn.built", BUILT_AT.minusSeconds(1));
        run("bench", "learn", "--help");
        assertEquals(1, builds().size());
        assertTrue(builds().getFirst().endsWith("-pl tests/learn -am package"), builds()::toString);
        at(Instant.now().plusSeconds(60), home.resolve("tests/learn/pom.xml"));
        assertEquals(0, run("node", "coordinator", "--help"), () -> said);
        assertEquals(1, builds().size(), "of no concern to a node");
        run("bench", "learn", "--help");
        assertEquals(2, builds().size());
    }

    @Test
    void shouldTakeNoJdkThatTheBuildDoesNotTake() throws Exception {
        Path later = directory.resolve("later");
        Files.createDirectories(later.resolve("bin"));
        executable(Files.writeString(later.resolve("bin/java"), "#!/bin/sh\nexit 3\n"));
        Files.writeString(later.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"26.0.1\"\n");
        ProcessBuilder builder =
                new ProcessBuilder(home.resolve("foam").toString(), "jdk")
                        .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", later.toString());
        builder.environment()
                .put("PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"));
        Process process = builder.start();
        started.add(process);
        String jdk =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(
                Path.of(System.getProperty("java.home")).toRealPath(), Path.of(jdk).toRealPath());
    }

    private void moveTo(String name) throws IOException {
        home = Files.move(home, home.resolveSibling(name));
    }

    @Test
    void shouldFindAJdkForWhoHasNoHome() throws Exception {
        variables.putAll(Map.of("HOME", "", "JAVA_HOME", ""));
        variables.put("PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"));
        assertEquals(0, run("jdk"), () -> said);
        assertEquals(Path.of(System.getProperty("java.home")).toRealPath(), Path.of(said.strip()));
        assertEquals(0, run("version"), () -> said);
    }

    @Test
    void shouldRunInAFolderOfAnyName() throws Exception {
        moveTo("a 'b' \"c\" \\d [e]* %p $HOME -f");
        Files.writeString(home.resolve("tests/bench/src/main/New.java"), "of no concern to a node");
        assertEquals(0, run("node", "coordinator", "--help"), () -> said);
        assertTrue(said.startsWith("Usage: coordinator"), said);
        assertEquals(List.of(), builds());
        changeASource();
        assertEquals(1, run("node", "coordinator", "--help"), () -> said);
        assertEquals(1, builds().size());
    }

    @Test
    void shouldSayThatJavaCannotRunInAPathWithAColon() throws Exception {
        moveTo("a:b");
        assertEquals(1, run("version"));
        assertEquals(
                "foam: in a path with a colon Java finds no class: move it to a folder without one: "
                        + home
                        + "\n",
                said);
    }

    /** As a checkout of another user is: root is made to ask for permission like everybody. */
    private void mayNotWrite() throws Exception {
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            prefix = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");
        }
        chmod("a-w");
    }

    private void chmod(String mode) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("chmod", "-R", mode, home.toString()).start().waitFor());
    }

    @Test
    void shouldRunWhatAnotherUserHasBuilt() throws Exception {
        mayNotWrite();
        try {
            assertEquals(0, run("version"), () -> said);
            assertEquals(0, run("node", "coordinator", "--help"), () -> said);
            assertTrue(said.startsWith("Usage: coordinator"), said);
            chmod("u+w");
            changeASource();
            chmod("a-w");
            assertEquals(0, run("node", "coordinator", "--help"), () -> said);
            assertTrue(
                    said.matches(
                            "foam: sources changed, going on with the old build of the foam: uid"
                                    + " \\d+ may not write to .*/home\nUsage: (?s).*"),
                    said);
            assertEquals(0, run("version"), () -> said);
            chmod("u+w");
            Files.delete(home.resolve("cli/target/classpath.txt"));
            chmod("a-w");
            assertEquals(1, run("version"));
            assertTrue(said.startsWith("foam: not built: the foam, and uid "), said);
            assertEquals(1, said.lines().count(), said);
            assertEquals(List.of(), builds());
        } finally {
            chmod("u+w");
        }
    }

    /** Of Maven's repository in the home of who built it, for one, that is closed to others. */
    @Test
    void shouldSayWhichJarItCannotRead() throws Exception {
        Path jar = Files.createFile(directory.resolve("a jar.jar"));
        Path list = home.resolve("cli/target/classpath.txt");
        Files.writeString(list, Files.readString(list) + ":" + jar);
        assertEquals(0, run("version"), () -> said);
        Files.delete(jar);
        assertEquals(1, run("version"));
        String line =
                "foam: uid \\d+ cannot read \\Q"
                        + jar
                        + "\\E, which the build in .*/home uses: build it anew, or a copy of your"
                        + " own\n";
        assertTrue(said.matches(line), said);
        Files.createFile(jar, PosixFilePermissions.asFileAttribute(Set.of()));
        mayNotWrite();
        try {
            assertEquals(1, run("version"));
            assertTrue(said.matches(line), said);
        } finally {
            chmod("u+w");
        }
        assertEquals(0, run("jdk"), () -> said);
    }

    @Test
    void shouldKeepItsCollectorAndHeapWhateverIsSaidToEveryJvm() throws Exception {
        String theirs = "-Dfirst=1 -XX:+UseG1GC -Xms4g\t-XX:InitialHeapSize=4g -Dlast=2";
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            variables.clear();
            variables.put(variable, theirs);
            assertEquals(0, run("version"), () -> said);
            String[] lines = said.split("\n");
            assertEquals(
                    "foam: left out of "
                            + variable
                            + ": -XX:+UseG1GC -Xms4g -XX:InitialHeapSize=4g (the foam's processes"
                            + " have a collector and heaps of their own)",
                    lines[0]);
            assertTrue(lines[1].matches(".*" + variable + ": -Dfirst=1 +-Dlast=2"), lines[1]);
        }
        variables.put("_JAVA_OPTIONS", "-Dgc=-XX:+UseG1GC -XX:+UseStringDeduplication");
        variables.put("JDK_JAVA_OPTIONS", "-XX:+UseZGC");
        variables.put("JAVA_TOOL_OPTIONS", "-XX:+UseParallelGC -XX:-UseSerialGC");
        assertEquals(0, run("version"), () -> said);
    }

    @Test
    void shouldSayWhatABundleHas() throws Exception {
        Files.createSymbolicLink(home.resolve("jre"), Path.of(System.getProperty("java.home")));
        changeASource();
        assertEquals(1, run("up"));
        assertTrue(said.startsWith("foam: the loop is not in this bundle: it has "), said);
        assertEquals(1, run("node", "sensor"));
        assertTrue(said.startsWith("foam: nodes/sensor is not in this bundle: it has "), said);
        assertEquals(1, said.lines().count());
        assertEquals(0, run("node", "coordinator", "--help"), () -> said);
        assertEquals(List.of(), builds());
    }
}
