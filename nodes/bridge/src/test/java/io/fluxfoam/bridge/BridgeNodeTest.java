package io.fluxfoam.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.bridge.session.TestKeys;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.ReadMode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

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

    @ParameterizedTest
    @CsvSource({"1024, 2000", "65536, 500", "16777216, 8"})
    void shouldCarryTensorsOfAllSizesSealed(int bytes, int frames) throws Exception {
        boxes.exportKey = TestKeys.key(1);
        boxes.importKey = TestKeys.key(1);
        ToyNode toy = boxes.add(new ToyNode(boxes.first, "toy", 2, bytes, "numbers"));
        boxes.start();
        Subscription mirrored = boxes.read("toy/numbers", ReadMode.IN_ORDER);
        boxes.await("the mirror", mirrored::connected);
        long published = 0;
        for (long frame = 1; frame <= frames; frame++) {
            while (published < Math.min(frames, frame + 3)) {
                toy.publish("numbers", ++published);
            }
            assertEquals(frame, boxes.take(mirrored));
        }
        assertEquals(0, boxes.count("toy", LinkCounters.DROPPED.of("one").label()));
        assertEquals(0, boxes.count("toy", LinkCounters.REFUSED.of("one").label()));
    }

    @Test
    void shouldTakeAnotherNameIfThereIsALocalNodeOfTheSame() throws Exception {
        ToyNode local = boxes.add(new ToyNode(boxes.second, "toy", "numbers"));
        ToyNode toy = boxes.toy("toy", "numbers");
        boxes.start();
        Subscription mirrored = boxes.read("toy@one/numbers", ReadMode.IN_ORDER);
        boxes.await("the mirror", mirrored::connected);
        toy.publish("numbers", 7);
        assertEquals(7, boxes.take(mirrored));
        assertEquals(NodeState.ALIVE, boxes.state("toy"));
        local.end(false);
        boxes.await("the local one is gone", () -> boxes.state("toy") == NodeState.DEAD);
        toy.end(false);
        boxes.awaitState("toy@one", NodeState.DEAD);
        boxes.toy("toy", "numbers");
        boxes.awaitState("toy@one", NodeState.ALIVE);
        assertEquals(NodeState.DEAD, boxes.state("toy"));
    }

    @Test
    void shouldShowWhoJoinsLateWhatIsThere() throws Exception {
        ToyNode toy = boxes.toy("toy", "numbers");
        toy.publish("numbers", 41);
        toy.publish("numbers", 42);
        boxes.start();
        Subscription mirrored = boxes.read("toy/numbers", ReadMode.FROM_OLDEST);
        assertEquals(41, boxes.take(mirrored));
        assertEquals(42, boxes.take(mirrored));
    }

    @Test
    void shouldGiveNobodyWhatIsNotExported() throws Exception {
        boxes.exports = List.of("toy/numbers", "nobody");
        boxes.toy("toy", "numbers", "secret");
        boxes.toy("other", "numbers");
        boxes.start();
        boxes.awaitState("toy", NodeState.ALIVE);
        boxes.await("the manifest", () -> boxes.manifest("toy").isPresent());
        Manifest manifest = boxes.manifest("toy").orElseThrow();
        assertEquals(
                List.of("numbers"), manifest.streams().stream().map(StreamCard::name).toList());
        assertEquals(null, boxes.state("other"));
        assertEquals(null, boxes.state("bridge@one"));
    }

    @Test
    void shouldTurnAwayWhoHasAnotherKey() throws Exception {
        boxes.exportKey = TestKeys.key(1);
        boxes.importKey = TestKeys.key(2);
        boxes.toy("toy", "numbers");
        boxes.start();
        boxes.await("the refusal", () -> boxes.hasSaid("is REFUSED: the host has another key"));
        assertEquals(null, boxes.state("toy"));
    }

    @Test
    void shouldTurnAwayWhoHasNoKey() throws Exception {
        boxes.exportKey = TestKeys.key(1);
        boxes.toy("toy", "numbers");
        boxes.start();
        boxes.await("the refusal", () -> boxes.hasSaid("turned a caller away: one side has a key"));
        assertEquals(null, boxes.state("toy"));
    }

    @Test
    void shouldGoOnWhenTheExportingBridgeComesBack() throws Exception {
        ToyNode toy = boxes.toy("toy", "numbers");
        boxes.start();
        Subscription mirrored = boxes.read("toy/numbers", ReadMode.IN_ORDER);
        boxes.await("the mirror", mirrored::connected);
        long incarnation = mirrored.incarnation();
        for (long frame = 1; frame <= 40; frame++) {
            if (frame % 10 == 0) {
                boxes.exporter.close();
                boxes.await("down", () -> boxes.count("toy", "link.one.state") == 0);
                assertEquals(NodeState.ALIVE, boxes.state("toy"));
            }
            toy.publish("numbers", frame);
            if (frame % 10 == 0) {
                boxes.startExporter();
            }
            assertEquals(frame, boxes.take(mirrored));
        }
        assertEquals(incarnation, mirrored.incarnation());
        assertEquals(0, boxes.count("toy", LinkCounters.DROPPED.of("one").label()));
    }

    @Test
    void shouldLearnOfAnEndDuringWhichTheLinkWasDown() throws Exception {
        ToyNode toy = boxes.toy("toy", "numbers");
        ToyNode other = boxes.toy("other", "numbers");
        boxes.start();
        boxes.awaitState("toy", NodeState.ALIVE);
        boxes.awaitState("other", NodeState.ALIVE);
        boxes.exporter.close();
        boxes.await("down", () -> boxes.count("toy", "link.one.state") == 0);
        toy.end(true);
        other.end(false);
        boxes.startExporter();
        boxes.awaitState("toy", NodeState.STOPPED);
        boxes.awaitState("other", NodeState.DEAD);
    }

    @Test
    void shouldMirrorAgainWhenTheImportingBridgeComesBack() throws Exception {
        ToyNode toy = boxes.toy("toy", "numbers");
        boxes.start();
        Subscription mirrored = boxes.read("toy/numbers", ReadMode.IN_ORDER);
        boxes.await("the mirror", mirrored::connected);
        toy.publish("numbers", 1);
        assertEquals(1, boxes.take(mirrored));
        boxes.importer.close();
        boxes.awaitState("toy", NodeState.STOPPED);
        boxes.startImporter();
        boxes.awaitState("toy", NodeState.ALIVE);
        toy.publish("numbers", 2);
        long frame = boxes.take(mirrored);
        while (frame == 1) { // the ring of the original, for the mirror's new life
            frame = boxes.take(mirrored);
        }
        assertEquals(2, frame);
        assertEquals(1, boxes.count("toy", "link.one.incarnation"));
        assertEquals(2, mirrored.incarnation());
    }
}
