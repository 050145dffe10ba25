package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.MarkView;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;

class ProcessUsageTest {
    @TempDir Path directory;

    @Test
    void shouldTellWhatALivingNodeUses() throws Exception {
        FoamDirectory foam = FoamDirectory.create(directory.resolve("foam"));
        MarkView living;
        try (Mark mark = Mark.acquire(foam, "node", "role", "host", new String[0])) {
            living = MarkView.read(foam, "node");
            assertEquals(mark.incarnation(), living.incarnation());
            ProcessUsage usage = ProcessUsage.of(foam, living).orElseThrow();
            assertTrue(usage.cpuSeconds() > 0, usage.toString());
            assertTrue(usage.residentBytes() > 10_000_000, usage.toString());
            assertTrue(usage.threads() > 1, usage.toString());
        }
        assertEquals(Optional.empty(), ProcessUsage.of(foam, MarkView.read(foam, "node")));
        // As a look that is older than the death: the process is there and holds nothing.
        assertEquals(Optional.empty(), ProcessUsage.of(foam, living));
    }

    @Test
    void shouldNotBelieveTheNumberOfAnotherProcess() throws Exception {
        FoamDirectory foam = FoamDirectory.create(directory.resolve("foam"));
        try (Mark mark = Mark.acquire(foam, "node", "role", "host", new String[0])) {
            MarkView now = MarkView.read(foam, "node");
            assertEquals(mark.incarnation(), now.incarnation());
            // Like a peer it has the mark open, and not its lock.
            Process other =
                    new ProcessBuilder("sleep", "60")
                            .redirectInput(foam.mark("node").toFile())
                            .start();
            try {
                assertEquals(Optional.empty(), ProcessUsage.of(foam, withPid(now, other.pid())));
            } finally {
                other.destroyForcibly().waitFor();
            }
            assertEquals(Optional.empty(), ProcessUsage.of(foam, withPid(now, Integer.MAX_VALUE)));
        }
    }

    private static MarkView withPid(MarkView mark, long pid) {
        return new MarkView(
                mark.name(),
                mark.role(),
                mark.device(),
                pid,
                mark.incarnation(),
                mark.startedMillis(),
                mark.state(),
                mark.heartbeatAgeMillis(),
                mark.followsGoodbye(),
                mark.command());
    }
}
