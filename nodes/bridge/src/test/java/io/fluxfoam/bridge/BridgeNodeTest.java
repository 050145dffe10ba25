package io.fluxfoam.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.bridge.session.TestKeys;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

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
    @CsvSource({"1024, 1000", "65536, 300", "16777216, 5"})
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

    /** Takes 2 GiB of the disk where temporary files lie, or of the memory. */
    @Test
    @Tag("slow")
    void shouldCarryTensorsOfAQuarterOfAGibibyte() throws Exception {
        boxes.exportKey = TestKeys.key(1);
        boxes.importKey = TestKeys.key(1);
        ToyNode toy = boxes.add(new ToyNode(boxes.first, "toy", 1, 4, 256 << 20, "numbers"));
        boxes.start();
        Subscription mirrored = boxes.read("toy/numbers", ReadMode.IN_ORDER);
        boxes.await("the mirror", mirrored::connected);
        for (long frame = 1; frame <= 5; frame++) {
            long startNs = System.nanoTime();
            toy.publish("numbers", frame);
            assertEquals(frame, boxes.take(mirrored));
            System.out.println("256 MiB in " + (System.nanoTime() - startNs) / 1_000_000 + " ms");
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

    @Test
    void shouldSendTheNewestWhereOnlyThatCounts() throws Exception {
        boxes.newest = List.of("toy/many");
        ToyNode toy = boxes.add(new ToyNode(boxes.first, "toy", 2, 1 << 20, "many", "few"));
        boxes.start();
        Subscription many = boxes.read("toy/many", ReadMode.FROM_OLDEST);
        Subscription few = boxes.read("toy/few", ReadMode.FROM_OLDEST);
        boxes.await("the mirror", () -> many.connected() && few.connected());
        long last = 0;
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 40; i++) { // four rings at once: nobody could carry all
                toy.publish("many", ++last);
            }
            toy.publish("few", last);
            assertEquals(last, boxes.take(few));
            long newest = last;
            long[] seen = new long[1];
            boxes.await(
                    "the newest",
                    () -> {
                        Lease lease = many.poll();
                        if (lease != null) {
                            try (lease) {
                                long frame = TwoBoxes.check(lease);
                                assertTrue(frame > seen[0], frame + " after " + seen[0]);
                                seen[0] = frame;
                            }
                        }
                        return seen[0] == newest;
                    });
        }
        long received = boxes.count("toy", LinkCounters.RECEIVED.of("one").label());
        long dropped = boxes.count("toy", LinkCounters.DROPPED.of("one").label());
        assertTrue(dropped > 0 && boxes.count("bridge", "bridge.dropped") > 0);
        assertTrue(received + dropped <= last + 5, received + " and " + dropped + " of " + last);
    }

    @Test
    void shouldNotBeHarmedByDatagramsOfStrangers() throws Exception {
        boxes.exportKey = TestKeys.key(1);
        boxes.importKey = TestKeys.key(1);
        ToyNode toy = boxes.toy("toy", "numbers");
        boxes.start();
        Subscription mirrored = boxes.read("toy/numbers", ReadMode.IN_ORDER);
        boxes.await("the mirror", mirrored::connected);
        Random random = new Random(20261129);
        byte[] bytes = new byte[1_400];
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 100_000; i++) {
                if (i % 64 == 0) {
                    random.nextBytes(bytes);
                }
                int length = random.nextInt(bytes.length);
                if (length > 8
                        && i % 2 == 0) { // as Aeron's own begin: length, version 0, flags, a type
                    bytes[4] = 0;
                    bytes[6] = (byte) random.nextInt(12);
                    bytes[7] = 0;
                }
                socket.send(new DatagramPacket(bytes, length, boxes.importAddress()));
                if (i % 2_000 == 0) {
                    toy.publish("numbers", i / 2_000 + 1);
                    assertEquals(i / 2_000 + 1, boxes.take(mirrored));
                }
            }
        }
        assertEquals(0, boxes.count("toy", LinkCounters.REFUSED.of("one").label()));
        assertEquals(0, boxes.count("toy", LinkCounters.DROPPED.of("one").label()));
    }
}
