package io.fluxfoam.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.bridge.session.TestKeys;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/** Bridges that are killed at random instants, on either side, and come back. */
class BridgeKillTest {
    private static final String LINK = LinkCounters.STATE.of("one").label();
    private static final long SEED = Long.getLong("seed", 20261129L);

    @TempDir Path directory;

    private Subscription mirrored;
    private ToyNode toy;
    private long published;
    private long lastFrame;
    private long lastIncarnation;
    private long tensors;

    @Test
    @Timeout(120)
    void shouldComeBackAfterAKillOfEitherSide() throws Exception {
        killAtRandom(2);
    }

    @Test
    @Tag("slow")
    @Timeout(1_200)
    void shouldComeBackAfterAHundredKills() throws Exception {
        killAtRandom(Integer.getInteger("kills", 100));
    }

    private void killAtRandom(int kills) throws Exception {
        System.out.println("seed=" + SEED);
        Random random = new Random(SEED);
        List<Long> joinedMs = new ArrayList<>();
        List<Long> linkedMs = new ArrayList<>();
        List<Long> backMs = new ArrayList<>();
        Path key = TestKeys.file(directory.resolve("key"), 1);
        try (TwoBoxes boxes = new TwoBoxes(directory);
                ChildBridge exporter =
                        child(
                                boxes.first,
                                "exporter",
                                "--box",
                                "one",
                                "--listen",
                                text(boxes.exportAddress()),
                                "--export",
                                "toy",
                                "--key",
                                key);
                ChildBridge importer =
                        child(
                                boxes.second,
                                "importer",
                                "--box",
                                "two",
                                "--listen",
                                text(boxes.importAddress()),
                                "--peer",
                                text(boxes.exportAddress()),
                                "--import",
                                "toy",
                                "--key",
                                key)) {
            toy = boxes.add(new ToyNode(boxes.first, "toy", 4, 300_000, "numbers"));
            mirrored = boxes.read("toy/numbers", ReadMode.FROM_OLDEST);
            boxes.await("the first tensor", this::carry);
            for (int kill = 0; kill < kills; kill++) {
                long untilNs = System.nanoTime() + random.nextInt(400) * 1_000_000L;
                boxes.await("an instant", () -> !carry() && System.nanoTime() - untilNs > 0);
                ChildBridge victim = random.nextBoolean() ? exporter : importer;
                Path foam = victim == exporter ? boxes.first : boxes.second;
                long life = life(foam, "bridge");
                long mirror = life(boxes.second, "toy");
                victim.kill();
                boxes.await("what was under way", () -> !take());
                long killedNs = System.nanoTime();
                long newest = published;
                victim.start();
                awaitMeanwhile(boxes, "the next life", () -> life(foam, "bridge") > life);
                joinedMs.add((System.nanoTime() - killedNs) / 1_000_000);
                awaitMeanwhile(
                        boxes,
                        "the link",
                        () ->
                                victim == exporter
                                        ? boxes.count("toy", LINK) == 1
                                        : life(boxes.second, "toy") > mirror);
                linkedMs.add((System.nanoTime() - killedNs) / 1_000_000);
                boxes.await("a tensor after the kill", () -> carry() && lastFrame > newest);
                backMs.add((System.nanoTime() - killedNs) / 1_000_000);
            }
            System.out.println(
                    "bridge kills="
                            + kills
                            + " tensors="
                            + tensors
                            + " joinedMillis="
                            + spread(joinedMs)
                            + " linkedMillis="
                            + spread(linkedMs)
                            + " backMillis="
                            + spread(backMs));
            assertEquals(0, exporter.stop(), exporter::said);
            assertEquals(0, importer.stop(), importer::said);
            assertFalse(Files.exists(boxes.first.resolve("bridge.aeron")));
            assertFalse(Files.exists(boxes.second.resolve("bridge.aeron")));
            assertEquals(NodeState.STOPPED, boxes.state("toy"));
            assertTrue(toy.isTurned());
        }
    }

    private void awaitMeanwhile(TwoBoxes boxes, String what, Callable<Boolean> condition)
            throws Exception {
        boxes.await(
                what,
                () -> {
                    carry();
                    return condition.call();
                });
    }

    private static long life(Path foam, String node) throws Exception {
        return MarkView.read(FoamDirectory.open(foam), node).incarnation();
    }

    private static String spread(List<Long> millis) {
        millis.sort(null);
        return millis.get(millis.size() / 2) + ".." + millis.getLast();
    }

    /** Publishes one and takes what there is; whether there was something new. */
    private boolean carry() throws Exception {
        toy.publish("numbers", ++published);
        return take();
    }

    private boolean take() {
        boolean isNew = false;
        for (Lease next = mirrored.poll(); next != null; next = mirrored.poll()) {
            try (Lease lease = next) {
                take(lease);
            }
            isNew = true;
        }
        return isNew;
    }

    /** In one life of the mirror no frame comes twice or before another. */
    private void take(Lease lease) {
        long frame = TwoBoxes.check(lease);
        long before = lease.incarnation() == lastIncarnation ? lastFrame : 0;
        assertTrue(frame > before, () -> frame + " after " + before);
        lastIncarnation = lease.incarnation();
        lastFrame = frame;
        tensors++;
    }

    private ChildBridge child(Path foam, String name, Object... arguments) throws Exception {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return new ChildBridge(List.of(), directory.resolve(name + ".log"), foam, texts);
    }

    private static String text(java.net.InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
