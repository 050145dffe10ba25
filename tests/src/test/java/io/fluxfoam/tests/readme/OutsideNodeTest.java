package io.fluxfoam.tests.readme;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.liveness.FileTree;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the README says to do for a node of one's own, command by command, for a user whose home is
 * empty. The local Maven repository is the builder's own but for what the foam puts there.
 */
@Timeout(300)
class OutsideNodeTest {
    private static final Path HOME = Path.of(System.getProperty("foam.home"));
    private static final byte GREY = 77;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private Path home;
    private Path repository;
    private Path foam;
    private NodeRunner sensor;
    private Process node;

    /** Every picture is grey. */
    private static final class GreySensor implements NodeAgent {
        private static final long EVERY_NS = 10_000_000;
        private Node node;
        private StreamWriter pictures;
        private long count;
        private long nextNs;

        @Override
        public void onStart(Node started) throws Exception {
            node = started;
            pictures = node.publish(StreamSpec.of("picture", DType.U8, 12, 16, 3));
        }

        @Override
        public int doWork() {
            long nowNs = System.nanoTime();
            if (nowNs < nextNs) {
                return 0;
            }
            nextNs = nowNs + EVERY_NS;
            try (Claim claim = pictures.claim()) {
                claim.payload().fill(GREY);
                claim.commit(FrameNumber.of(node.incarnation(), ++count), nowNs);
            }
            return 1;
        }
    }

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectory(directory.resolve("home"));
        repository = Files.createDirectory(directory.resolve("repository"));
        link(Path.of(System.getProperty("maven.repo.local", usual())), repository);
        Path shared = Path.of("/dev/shm");
        foam = Files.createTempDirectory(Files.isWritable(shared) ? shared : directory, "outside");
        FoamDirectory.create(foam);
    }

    private static String usual() {
        return Path.of(System.getProperty("user.home"), ".m2", "repository").toString();
    }

    /**
     * Everything that is there, by links; without our own artifacts, which may be of another build.
     */
    private static void link(Path original, Path copy) throws IOException {
        for (Path child : children(original)) {
            Path there = copy.resolve(child.getFileName());
            if (child.equals(original.resolve("io"))) {
                link(child, Files.createDirectory(there));
            } else if (!child.getFileName().toString().equals("fluxfoam")) {
                Files.createSymbolicLink(there, child);
            }
        }
        Files.createDirectories(copy);
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    @AfterEach
    void endAll() throws IOException {
        if (node != null) {
            node.destroyForcibly().onExit().join();
        }
        if (sensor != null) {
            sensor.close();
        }
        FileTree.remove(foam);
        FileTree.remove(repository); // the links, not what they lead to
    }

    /** The README's lines, without what is said of them. */
    private static List<String> commands() throws IOException {
        String readme = Files.readString(HOME.resolve("README.md"));
        String section = readme.substring(readme.indexOf("## A node of your own"));
        String block = section.substring(section.indexOf("```bash\n") + "```bash\n".length());
        return block.substring(0, block.indexOf("```"))
                .lines()
                .map(line -> line.replaceFirst("\\s+#.*", ""))
                .toList();
    }

    private Process start(Path log, String command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", command)
                        .directory(HOME.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("FOAM_DIR", foam.toString());
        builder.environment()
                .put("FOAM_NO_BUILD", "1"); // the build that runs this test is under way
        builder.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + repository);
        builder.environment().remove("FOAM_NAME");
        return builder.start();
    }

    private String run(String command) throws IOException, InterruptedException {
        Path log = directory.resolve("command.log");
        Process process = start(log, command);
        assertTrue(process.waitFor(200, TimeUnit.SECONDS), () -> "hangs: " + command);
        String said = Files.readString(log);
        assertEquals(0, process.exitValue(), () -> command + "\n" + said);
        return said;
    }

    private Optional<JsonNode> shown(String name) throws IOException, InterruptedException {
        for (JsonNode one : new ObjectMapper().readTree(run("./foam ps --json")).get("nodes")) {
            if (one.get("name").asText().equals(name)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private String state(String name) throws IOException, InterruptedException {
        return shown(name).map(one -> one.get("state").asText()).orElse("not there");
    }

    @Test
    void shouldGoFromNothingToARunningNodeInThreeCommands() throws Exception {
        List<String> commands = commands();
        assertEquals(3, commands.size(), commands.toString());
        sensor =
                NodeRunner.launch(
                        new NodeContext().foam(foam).name("sensor").role("toy"), new GreySensor());
        run(commands.get(0));
        run(commands.get(1));
        Path log = directory.resolve("node.log");
        node = start(log, "exec " + commands.get(2));
        eventually(() -> "it lives: " + read(log), () -> state("brightness").equals("ALIVE"));
        assertEquals("java", shown("brightness").orElseThrow().get("language").asText());
        eventually(
                () -> "it speaks: " + read(log),
                () -> {
                    String said = run("./foam tail brightness/brightness -n 1");
                    return said.contains(" f32[1] ") && said.contains(" mean " + GREY + ".");
                });
        node.destroy();
        assertTrue(node.waitFor(60, TimeUnit.SECONDS), () -> "does not end: " + read(log));
        assertEquals(0, node.exitValue(), () -> read(log));
        assertEquals("", read(log));
        assertEquals("STOPPED", state("brightness"));
        assertEquals(0, shown("brightness").orElseThrow().get("errors").asInt());
        node = start(log, "FOAM_NAME=second exec " + commands.get(2)); // as ./foam up --node does
        eventually(() -> "the second lives: " + read(log), () -> state("second").equals("ALIVE"));
        sensor.stop();
        assertNull(sensor.await());
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }
}
