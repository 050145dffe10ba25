package io.fluxfoam.coordinator.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.SteppedNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** What is said of mirrors, and of nodes that are none. */
class LinkStatusTest {
    @TempDir Path directory;

    private NodeStatus status(String name) throws IOException {
        FoamDirectory foam = FoamDirectory.open(directory.resolve("foam"));
        return new StatusProbe(foam, error -> {})
                .status().nodes().stream()
                        .filter(node -> node.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    private SteppedNode join(String name) throws IOException {
        NodeContext context = new NodeContext().foam(directory.resolve("foam")).name(name);
        return SteppedNode.join(context.role("teacher"));
    }

    @Test
    void shouldSayWhoseMirrorANodeIsAndHowItsBoxIsReached() throws IOException {
        try (SteppedNode local = join("deaf");
                SteppedNode mirror = join("deaf@gpu")) {
            Counters counters = mirror.node().counters();
            counters.counter(LinkCounters.STATE.of("gpu")).set(1);
            counters.gauge(LinkCounters.ROUND_TRIP.of("gpu")).set(0.5);
            counters.gauge(LinkCounters.RATE.of("gpu")).set(1e6);
            counters.gauge(LinkCounters.LOSS.of("gpu"));
            assertEquals("deaf@gpu", status("deaf@gpu").origin());
            assertEquals(new LinkStatus("UP", 0.5, null, 1e6), status("deaf@gpu").link());
            counters.counter(LinkCounters.STATE.of("gpu")).set(0);
            assertEquals(new LinkStatus("DOWN", null, null, null), status("deaf@gpu").link());
            counters.counter(LinkCounters.STATE.of("gpu")).set(1);
            mirror.depart(false);
            assertEquals("DEAD", status("deaf@gpu").state());
            assertEquals(new LinkStatus("DOWN", null, null, null), status("deaf@gpu").link());
            assertNull(status("deaf").origin());
            assertNull(status("deaf").link());
            local.depart(true);
        }
    }
}
