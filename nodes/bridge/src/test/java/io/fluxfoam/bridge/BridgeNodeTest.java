package io.fluxfoam.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.ReadMode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Two foams on loopback: what the one exports is in the other as it was. */
@Timeout(120)
class BridgeNodeTest {
    @TempDir Path directory;

    private TwoBoxes boxes;

    @BeforeEach
    void begin() throws Exception {
        boxes = new TwoBoxes(directory);
    }

    @AfterEach
    void end() throws Exception {
        boxes.close();
    }

    @Test
    void shouldMirrorAStreamTensorByTensor() throws Exception {
        ToyNode toy = boxes.toy("toy", "numbers");
        boxes.start();
        Subscription mirrored = boxes.read("toy/numbers", ReadMode.IN_ORDER);
        boxes.await("the mirror", mirrored::connected);
        for (long frame = 1; frame <= 500; frame++) {
            toy.publish("numbers", frame);
            assertEquals(frame, boxes.take(mirrored));
        }
        Manifest manifest = boxes.reader().peer("toy").orElseThrow().manifest().orElseThrow();
        assertEquals("teacher", manifest.role());
        assertEquals("one", manifest.attributes().get("epoch"));
        assertEquals("toy@one", manifest.origin().orElseThrow());
        assertEquals(0, mirrored.missed());
    }

    @Test
    void shouldEndAsTheOriginalDoes() throws Exception {
        ToyNode toy = boxes.toy("toy", "numbers");
        boxes.start();
        boxes.awaitState("toy", NodeState.ALIVE);
        toy.standStill();
        boxes.awaitState("toy", NodeState.STALLED);
        toy.goOn();
        boxes.awaitState("toy", NodeState.ALIVE);
        toy.end(false);
        boxes.awaitState("toy", NodeState.DEAD);
        ToyNode again = boxes.toy("toy", "numbers");
        boxes.awaitState("toy", NodeState.ALIVE);
        again.end(true);
        boxes.awaitState("toy", NodeState.STOPPED);
        assertTrue(boxes.hasSaid("is UP"));
    }
}
