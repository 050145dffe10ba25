package io.fluxfoam.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LightFoam;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.launch.Commands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One foam of nodes on the host and on a GPU, all of which read all others. */
@Timeout(300)
abstract class GpuChaosContract {
    private static final List<String> BOTH = List.of("host", "cuda:0");

    @TempDir Path directory;

    /**
     * Its exit code says that nothing was torn, nothing hung, nothing leaked, and every killed node
     * came back.
     */
    @Test
    void shouldOutliveKillsInAFoamOfTwoDevices() {
        int exitCode =
                Commands.line(new Chaos())
                        .execute(
                                "--light",
                                "--dir",
                                directory.resolve("foam").toString(),
                                "--devices",
                                String.join(",", BOTH),
                                "--nodes",
                                "4",
                                "--kills",
                                "6",
                                "--json");
        assertEquals(0, exitCode);
    }

    /**
     * A reader on its stream's device copies nothing; every other copy is counted where everybody
     * looks.
     */
    @Test
    void shouldShowEveryCopyFromOneDeviceToAnother() throws Exception {
        try (LightFoam light =
                LightFoam.create(
                        directory.resolve("foam"),
                        JavaProgram.ofThisProcess(),
                        (node, event) -> {})) {
            light.populate(4, BOTH);
            StatusProbe probe = new StatusProbe(light.tested().foam(), damage -> {});
            for (String[] pair :
                    new String[][] {
                        {"light-1", "light-2"}, {"light-2", "light-4"}, {"light-3", "light-2"}
                    }) {
                awaitCopies(probe, pair[0], "read." + pair[1] + "/pulse.copiedBytes");
            }
            awaitCopies(probe, "light-2", "publish.pulse.copiedBytes");
            Map<String, Map<String, Number>> counters = probe.counters();
            assertEquals(
                    0L, counters.get("light-1").get("read.light-3/pulse.copiedBytes").longValue());
            assertEquals(0L, counters.get("light-1").get("publish.pulse.copiedBytes").longValue());
            for (NodeStatus node : probe.status().nodes()) {
                assertEquals(BOTH.get((node.name().charAt(6) - '1') % 2), node.device());
                assertTrue(node.copiedBytes() > 0, node.toString());
            }
        }
    }

    private static void awaitCopies(StatusProbe probe, String node, String label) throws Exception {
        long deadlineNs = System.nanoTime() + 60_000_000_000L;
        for (Number copied = 0; copied.longValue() == 0; ) {
            assertTrue(System.nanoTime() < deadlineNs, node + " " + label);
            Thread.sleep(20);
            copied = probe.counters().getOrDefault(node, Map.of()).getOrDefault(label, 0);
        }
    }
}
