package io.fluxfoam.tests.torture;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.tests.toy.Watcher;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A node dies just before each system call by which it takes its name, makes its files, and removes
 * them. Another one goes on, cleans up, and reads the next incarnation. {@code strace} does the
 * killing.
 */
@Timeout(600)
class FileStepsTest {
    private static final long SEED = Long.getLong("seed", 20261123L);

    /** System call and the file it is about; N is the incarnation. */
    private static final List<String> STEPS =
            List.of(
                    "openat clock.mark",
                    "fallocate clock.mark",
                    "fcntl clock.mark",
                    "openat clock.N.counters",
                    "fallocate clock.N.counters",
                    "openat clock.N.ticks.payload",
                    "fallocate clock.N.ticks.payload",
                    "openat .clock.N.ticks.control",
                    "fallocate .clock.N.ticks.control",
                    "rename .clock.N.ticks.control",
                    "openat .clock.N.manifest.tmp",
                    "ftruncate .clock.N.manifest.tmp",
                    "write .clock.N.manifest.tmp",
                    "rename .clock.N.manifest.tmp",
                    "unlink clock.N.manifest",
                    "unlink clock.N.ticks.control",
                    "unlink clock.N.ticks.payload");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private Path foamPath;
    private NodeRunner watcher;

    @BeforeEach
    void startWatcher() throws Exception {
        assumeTrue(
                mayTrace(),
                "strace does not run here: deaths between file operations are not tested");
        foamPath = directory.resolve("foam");
        watcher =
                NodeRunner.launch(
                        new NodeContext().foam(foamPath).name("watcher").role("watcher"),
                        new Watcher());
    }

    @AfterEach
    void stopWatcher() {
        if (watcher != null) {
            watcher.close();
        }
    }

    private static boolean mayTrace() throws InterruptedException {
        try {
            return new ProcessBuilder("strace", "-qq", "-e", "trace=none", "true")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldSurviveDeathsBetweenFileOperations() throws Exception {
        List<String> steps = new ArrayList<>(STEPS);
        Collections.shuffle(steps, new Random(SEED));
        dieBefore(steps.subList(0, 2));
    }

    @Test
    @Tag("slow")
    void shouldSurviveADeathBeforeEachFileOperation() throws Exception {
        dieBefore(STEPS);
    }

    private void dieBefore(List<String> steps) throws Exception {
        for (String step : steps) {
            long incarnation = incarnation() + 1;
            assertNotEquals(0, run(step.replace("N", Long.toString(incarnation))), step);
            assertFalse(isHeld(), step);
            eventually(
                    "swept after a death before " + step,
                    () -> foam().list().stream().noneMatch(this::isRemains));
        }
        double reads = counters().number("reads");
        long before = incarnation();
        assertEquals(0, run(null));
        assertEquals(before + 1, incarnation());
        assertEquals(NodeState.STOPPED, MarkView.read(foam(), "clock").state());
        eventually("it is read again", () -> counters().number("reads") > reads);
        assertEquals(List.of(), counters().errors());
        assertTrue(MarkView.read(foam(), "watcher").state().isHeld());
        System.out.println(
                "seed=" + SEED + " deathsBetweenFileOperations=" + steps.size() + " " + steps);
    }

    private int run(String step) throws IOException, InterruptedException {
        List<String> killer = List.of();
        if (step != null) {
            String call = step.substring(0, step.indexOf(' '));
            String file = foamPath.resolve(step.substring(step.indexOf(' ') + 1)).toString();
            String inject = "inject=" + call + ":signal=KILL";
            killer = List.of("strace", "-f", "-qq", "-o", "/dev/null", "-P", file, "-e", inject);
        }
        try (Worker worker =
                Worker.start(killer, "clock", directory, LeavingProcess.class, foamPath, "clock")) {
            return worker.await();
        }
    }

    private FoamDirectory foam() throws IOException {
        return FoamDirectory.open(foamPath);
    }

    private boolean isRemains(String file) {
        return file.contains("clock.") && !file.endsWith(".mark") && !file.endsWith(".counters");
    }

    private long incarnation() throws IOException {
        try {
            return MarkView.read(foam(), "clock").incarnation();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (LayoutException e) {
            assertEquals(LayoutException.Kind.BEING_CREATED, e.kind());
            return 0;
        }
    }

    private boolean isHeld() throws IOException {
        try {
            return MarkView.read(foam(), "clock").state().isHeld();
        } catch (NoSuchFileException e) {
            return false;
        } catch (LayoutException e) {
            return e.kind() != LayoutException.Kind.BEING_CREATED;
        }
    }

    private CountersSnapshot counters() throws IOException {
        return CountersSnapshot.read(foam().file("watcher", 1, "counters"));
    }
}
