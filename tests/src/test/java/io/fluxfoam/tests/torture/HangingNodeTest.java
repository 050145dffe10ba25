package io.fluxfoam.tests.torture;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.tests.toy.Hanger;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** A node whose agent hangs is STALLED, keeps its name, and still ends by SIGTERM. */
@Timeout(120)
class HangingNodeTest {
    @TempDir Path directory;

    private NodeState state() throws IOException {
        return MarkView.read(FoamDirectory.open(directory.resolve("foam")), "hanger").state();
    }

    @Test
    @Tag("slow")
    void shouldEndBySigterm() throws Exception {
        Path foam = directory.resolve("foam");
        try (Worker hanger =
                Worker.start(
                        "hanger", directory, Hanger.class, "--foam", foam, "--name", "hanger")) {
            // Its start may stall too, on a crowded machine, and goes on.
            eventually("it hangs", () -> hanger.output().contains("hanging"));
            eventually("it is STALLED", () -> state() == NodeState.STALLED);
            hanger.signal("TERM");
            assertEquals(1, hanger.await());
            assertEquals(NodeState.DEAD, state());
            assertTrue(hanger.output().contains("hanger: does not stop"), hanger::output);
        }
    }
}
