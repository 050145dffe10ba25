package io.fluxfoam.tests.start;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.ErrorEntry;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.ChildJvm;
import io.fluxfoam.tests.start.Dawdler.Place;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A node that is told to stop, or fails, in the middle of its start. */
@Timeout(120)
class SlowStartTest {
    private static final int SIGTERM_EXIT = 143;

    @TempDir Path directory;

    private ChildJvm start(Place place) throws IOException {
        return ChildJvm.start(
                directory.resolve("log"), Dawdler.class, "--foam", foam(), "--in", place);
    }

    private Path foam() {
        return directory.resolve("foam");
    }

    private int stopped(Place place) throws Exception {
        try (ChildJvm dawdler = start(place)) {
            eventually("it dawdles", () -> dawdler.output().contains("dawdling"));
            int exitCode = dawdler.terminate();
            assertEquals("dawdling\n", dawdler.output());
            return exitCode;
        }
    }

    @Test
    void shouldLeaveCleanlyWhileItLoads() throws Exception {
        assertEquals(0, stopped(Place.LOAD));
        assertEquals(
                NodeState.STOPPED, MarkView.read(FoamDirectory.open(foam()), "dawdler").state());
    }

    @Test
    void shouldEndWithCodeZeroBeforeItHasJoined() throws Exception {
        assertEquals(0, stopped(Place.ARGUMENTS));
        assertFalse(Files.exists(foam()), "it joined");
    }

    @Test
    void shouldNotSayThatACheckThatWasBrokenOffPassed() throws Exception {
        assertEquals(SIGTERM_EXIT, stopped(Place.CHECK));
    }

    @Test
    void shouldSayInOneLineWhichLibraryIsBrokenAndKeepTheTrace() throws Exception {
        try (ChildJvm dawdler = start(Place.BROKEN_LIBRARY)) {
            assertEquals(1, dawdler.awaitExit());
            String output = dawdler.output();
            assertEquals(1, output.lines().count(), output);
            assertTrue(
                    output.startsWith("dawdler: ") && output.contains("/nowhere/libfoam.so"),
                    output);
            List<ErrorEntry> errors =
                    CountersSnapshot.read(FoamDirectory.open(foam()).file("dawdler", 1, "counters"))
                            .errors();
            assertEquals(1, errors.size(), errors::toString);
            assertTrue(
                    errors.getFirst().summary().contains("/nowhere/libfoam.so"), errors::toString);
            assertTrue(errors.getFirst().text().contains("Dawdler.onLoad"), errors::toString);
        }
    }
}
