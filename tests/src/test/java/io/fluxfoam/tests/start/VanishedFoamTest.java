package io.fluxfoam.tests.start;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Somebody removes the directory of a living foam, as a logout does with all in shared memory. */
@Timeout(180)
class VanishedFoamTest {
    private static final Path HOME = Path.of(System.getProperty("foam.home"));

    @TempDir Path directory;
    private Process up;

    @AfterEach
    void endAll() {
        if (up != null) {
            up.descendants().forEach(ProcessHandle::destroyForcibly);
            up.destroyForcibly().onExit().join();
        }
    }

    private String said() {
        try {
            return Files.readString(directory.resolve("up.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void shouldEndAndSayWhy() throws Exception {
        Path foam = directory.resolve("foam");
        ProcessBuilder builder =
                new ProcessBuilder(
                                HOME.resolve("foam").toString(),
                                "up",
                                "--headless",
                                "--port",
                                "0",
                                "--dir",
                                foam.toString())
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("up.log").toFile());
        builder.environment().put("FOAM_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        up = builder.start();
        eventually(
                () -> "the coordinator lives: " + said(),
                () ->
                        MarkView.read(FoamDirectory.open(foam), "coordinator").state()
                                == NodeState.ALIVE);
        List<ProcessHandle> nodes = up.descendants().toList();
        assertTrue(nodes.size() > 3, said());
        // At once: where some node writes in the middle of it, rm leaves something.
        Files.move(foam, directory.resolve("removed"));
        assertTrue(up.waitFor(90, TimeUnit.SECONDS), () -> "up lives on: " + said());
        assertEquals(1, up.exitValue(), said());
        assertTrue(said().contains("is gone: somebody removed " + foam + ", so all ends"), said());
        assertEquals(List.of(), nodes.stream().filter(ProcessHandle::isAlive).toList());
        assertTrue(Files.notExists(foam), said());
    }
}
