package io.fluxfoam.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.bridge.session.TestKeys;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.ReadMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** Two bridges in two network namespaces: a wire that loses, delays, and is cut. */
class BridgeNetworkTest {
    private static final int BYTES = 92_160;

    @TempDir Path directory;

    /** Bytes of a picture, at a sensor's pace. */
    @Test
    @Timeout(120)
    void shouldLoseNothingOnABadWireAndHealWhenItWasCut() throws Exception {
        TwoNetworks networks;
        try {
            networks = new TwoNetworks(directory);
        } catch (IOException e) {
            System.out.println("bridge network tests skipped: " + e.getMessage());
            assumeTrue(false, "no network namespaces here: " + e.getMessage());
            return;
        }
        Path key = TestKeys.file(directory.resolve("key"), 1);
        try (networks;
                TwoBoxes boxes = new TwoBoxes(directory);
                ChildBridge exporter =
                        new ChildBridge(
                                networks.inFirst(),
                                directory.resolve("a.log"),
                                boxes.first,
                                "--box",
                                "one",
                                "--listen",
                                TwoNetworks.FIRST + ":7700",
                                "--export",
                                "toy",
                                "--key",
                                key.toString());
                ChildBridge importer =
                        new ChildBridge(
                                networks.inSecond(),
                                directory.resolve("b.log"),
                                boxes.second,
                                "--box",
                                "two",
                                "--listen",
                                TwoNetworks.SECOND + ":7700",
                                "--peer",
                                TwoNetworks.FIRST + ":7700",
                                "--import",
                                "toy",
                                "--key",
                                key.toString())) {
            networks.wire(5, 0.01);
            ToyNode toy = boxes.add(new ToyNode(boxes.first, "toy", 4, BYTES, "numbers"));
            Subscription mirrored = boxes.read("toy/numbers", ReadMode.IN_ORDER);
            boxes.await("the mirror " + exporter.said() + importer.said(), mirrored::connected);
            long frame = carry(boxes, toy, mirrored, 0, 100);
            CountersSnapshot counters = counters(boxes);
            double roundTrip = counters.number(LinkCounters.ROUND_TRIP.of("one"));
            assertTrue(roundTrip >= 9.9, "roundTripMillis=" + roundTrip);
            assertEquals(0, boxes.count("toy", LinkCounters.DROPPED.of("one").label()));
            assertTrue(boxes.count("bridge", "bridge.retransmittedBytes") > 0);

            networks.wire(5, 1);
            boxes.await("down", () -> boxes.count("toy", "link.one.state") == 0);
            assertEquals(NodeState.ALIVE, boxes.state("toy"));
            long cutAt = frame;
            for (int i = 0; i < 100; i++) {
                toy.publish("numbers", ++frame); // nobody here waits for the wire
            }
            networks.wire(5, 0.01);
            long first = boxes.take(mirrored);
            assertTrue(first > cutAt, "first=" + first + " cutAt=" + cutAt);
            for (long next = first; next < frame; ) {
                long taken = boxes.take(mirrored);
                assertTrue(taken > next, taken + " after " + next);
                next = taken;
            }
            carry(boxes, toy, mirrored, frame, 20);
            assertEquals(
                    first - cutAt - 1,
                    boxes.count("toy", LinkCounters.DROPPED.of("one").label()),
                    "what the ring had no room for is counted");
            assertEquals(0, boxes.count("toy", LinkCounters.REFUSED.of("one").label()));
            System.out.println("bridge network tests run: 1");
        }
    }

    private static long carry(
            TwoBoxes boxes, ToyNode toy, Subscription mirrored, long from, int frames)
            throws Exception {
        long published = from;
        for (long frame = from + 1; frame <= from + frames; frame++) {
            while (published < Math.min(from + frames, frame + 3)) {
                toy.publish("numbers", ++published);
            }
            assertEquals(frame, boxes.take(mirrored));
        }
        return published;
    }

    private static CountersSnapshot counters(TwoBoxes boxes) throws IOException {
        return CountersSnapshot.read(boxes.second.resolve("toy.1.counters"));
    }
}
