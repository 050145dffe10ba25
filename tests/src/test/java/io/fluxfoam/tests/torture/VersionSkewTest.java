package io.fluxfoam.tests.torture;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.ErrorEntry;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.ChildJvm;
import io.fluxfoam.tests.toy.Clock;
import io.fluxfoam.tests.toy.Watcher;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes of two layout versions in one foam: the other version is a living node whose file says that
 * it has it. Each is refused with one line that names both versions; both go on living.
 */
@Timeout(120)
class VersionSkewTest {
    /** In marks, counters and control files the version stands behind the magic. */
    private static final int VERSION_AT = 8;

    /** In a manifest it stands before the magic at the end, with its complement. */
    private static final int VERSION_BEFORE_END = 16;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final List<ChildJvm> children = new ArrayList<>();
    private FoamDirectory foam;

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    @AfterEach
    void killAll() {
        children.forEach(ChildJvm::close);
    }

    private ChildJvm start(String name, Class<?> main) throws IOException {
        ChildJvm child =
                ChildJvm.start(
                        directory.resolve(name + ".log"), main, "--foam", foam.path().toString());
        children.add(child);
        return child;
    }

    private static void say(Path file, int version) throws IOException {
        boolean isManifest = file.toString().endsWith(".manifest");
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(isManifest ? bytes.length() - VERSION_BEFORE_END : VERSION_AT);
            bytes.writeInt(Integer.reverseBytes(version));
            if (isManifest) {
                bytes.writeInt(Integer.reverseBytes(~version));
            }
        }
    }

    private CountersSnapshot counters(String node) throws IOException {
        return CountersSnapshot.read(
                foam.file(node, MarkView.read(foam, node).incarnation(), "counters"));
    }

    private static boolean isRefusal(String text, Path file, String wanted) {
        return text.contains(wanted) && text.contains("path=" + file) && text.contains("wanted=1");
    }

    @ParameterizedTest
    @CsvSource({
        "clock.1.ticks.control, 2, too new",
        "clock.1.ticks.control, 0, too old",
        "clock.1.manifest, 2, too new",
        "clock.1.manifest, 0, too old",
        "clock.mark, 2, too new",
        "clock.mark, 0, too old"
    })
    void shouldRefuseEachOtherAndGoOn(String fileName, int version, String wanted)
            throws Exception {
        Path file = foam.path().resolve(fileName);
        ChildJvm clock = start("clock", Clock.class);
        eventually("clock is known", () -> foam.list().contains("clock.1.manifest"));
        say(file, version);
        ChildJvm watcher = start("watcher", Watcher.class);
        eventually(
                () -> "watcher refuses: " + watcher.output(),
                () ->
                        counters("watcher").errors().stream()
                                .map(ErrorEntry::summary)
                                .anyMatch(error ->
                                        isRefusal(error, file, wanted + ": ")
                                                && error.contains("ersion=" + version)));
        assertEquals(0, counters("watcher").number("reads"));
        assertEquals(NodeState.ALIVE, MarkView.read(foam, "watcher").state());
        assertTrue(clock.isAlive(), clock::output);
        assertEquals(1, counters("watcher").errors().size(), "once, not at every look");
        if (fileName.endsWith(".mark")) {
            shouldNotTakeItsName(clock, file, wanted);
        } else {
            shouldReadItsSuccessor(clock);
        }
        assertEquals(0, watcher.terminate(), watcher::output);
    }

    private void shouldNotTakeItsName(ChildJvm clock, Path file, String wanted) throws Exception {
        requireRefused(start("second", Clock.class), file, wanted);
        clock.kill();
        requireRefused(start("third", Clock.class), file, wanted);
    }

    private static void requireRefused(ChildJvm node, Path file, String wanted)
            throws InterruptedException {
        assertEquals(1, node.awaitExit(), node::output);
        assertEquals(1, node.output().lines().count(), node::output);
        assertTrue(isRefusal(node.output(), file, wanted), node::output);
    }

    private void shouldReadItsSuccessor(ChildJvm clock) throws Exception {
        clock.kill();
        start("clock", Clock.class);
        eventually(
                "watcher reads the next of its own version",
                () -> counters("watcher").number("reads") > 0);
    }

    /** Only tools read counters of others. */
    @ParameterizedTest
    @CsvSource({
        "clock.1.counters, 2, too new",
        "clock.1.ticks.control, 2, too new",
        "clock.mark, 0, too old"
    })
    void shouldBeToldByTools(String fileName, int version, String wanted) throws Exception {
        Path file = foam.path().resolve(fileName);
        start("clock", Clock.class);
        eventually("clock is known", () -> foam.list().contains("clock.1.manifest"));
        say(file, version);
        List<String> told = new ArrayList<>();
        new StatusProbe(foam, damage -> told.add(damage.getMessage())).status();
        assertEquals(1, told.stream().distinct().count(), told::toString);
        assertTrue(isRefusal(told.getFirst(), file, wanted), told::toString);
    }
}
