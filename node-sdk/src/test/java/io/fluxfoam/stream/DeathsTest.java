package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.Futex;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.MortalWords;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Readers and writers die between any two of their stores, and the survivors go on. {@code -Dseed=}
 * repeats a run, {@code -Dtorture.deaths=} says how long the long form is. ProcessDeathsTest does
 * it with processes.
 */
@Timeout(3_600)
class DeathsTest {
    private static final long SEED = Long.getLong("seed", 20261123L);
    private static final int DEATHS_IN_A_STREAM = 100;

    /** Commits of the shortest of the writers' lives: it has two more than its ring has slots. */
    private static final int LEAST_COMMITS = 9;

    private static final long SURVIVOR = OwnerKey.of("survivor", 1);

    @TempDir Path directory;
    private FoamDirectory foam;
    private final Random random = new Random(SEED);
    private final Map<String, Integer> deaths = new TreeMap<>();
    private long verifiedReads;
    private int lives;

    @BeforeEach
    void createFoam() throws IOException {
        Path fast = Path.of("/dev/shm");
        foam =
                FoamDirectory.create(
                        Files.isWritable(fast)
                                ? Files.createTempDirectory(fast, "deaths")
                                : directory);
    }

    @AfterEach
    void removeFoam() throws IOException {
        for (String file : foam.list()) {
            Files.delete(foam.path().resolve(file));
        }
        Files.delete(foam.path());
    }

    @Test
    void shouldSurviveDeathsBetweenAnyTwoStores() throws Exception {
        die(2_000);
    }

    @Test
    @Tag("slow")
    void shouldSurviveDeathsBetweenAnyTwoStoresInTheLongRun() throws Exception {
        die(Integer.getInteger("torture.deaths", 100_000));
    }

    private void die(int count) throws Exception {
        Map<String, Integer> readerPoints = pointsOfAReader();
        Map<String, Integer> writerPoints = pointsOfAWriter();
        List<String> points = new ArrayList<>(readerPoints.keySet());
        points.addAll(writerPoints.keySet());
        Ring ring = null;
        while (lives < count) {
            String point = points.get(lives++ % points.size());
            if (writerPoints.containsKey(point)) {
                killWriter(
                        point,
                        1 + random.nextInt(Math.min(LEAST_COMMITS, writerPoints.get(point))));
            } else {
                if (ring == null || ring.deaths == DEATHS_IN_A_STREAM) {
                    close(ring);
                    ring = new Ring();
                }
                ring.killReader(point, 1 + random.nextInt(readerPoints.get(point)));
            }
            deaths.merge(point, 1, Integer::sum);
        }
        close(ring);
        assertEquals(points.size(), deaths.size());
        System.out.println(
                "seed="
                        + SEED
                        + " deaths="
                        + count
                        + " points="
                        + points.size()
                        + " verifiedReads="
                        + verifiedReads
                        + " tornReads=0 lostSlots=0");
        System.out.println("deaths by point: " + deaths);
    }

    private static void close(Ring ring) throws IOException {
        if (ring != null) {
            ring.close();
        }
    }

    private Map<String, Integer> pointsOfAReader() throws Exception {
        Ring ring = new Ring();
        Life life = Life.full();
        ring.live(life, OwnerKey.of("victim", 1));
        life.bury();
        ring.close();
        assertTrue(
                life.points().containsKey("reader.race.4"),
                () -> "no race was lost: " + life.points());
        return new LinkedHashMap<>(life.points());
    }

    private Map<String, Integer> pointsOfAWriter() throws Exception {
        Life life = Life.full();
        Mourners mourners = new Mourners();
        Lives.writer(life, foam, "full", 1, spec(), mourners);
        life.bury();
        mourners.mourn(OwnerKey.of("full", 1));
        assertTrue(
                life.points().containsKey("writer.spared-claim.2"),
                () -> "no slot was spared: " + life.points());
        return new LinkedHashMap<>(life.points());
    }

    private StreamSpec spec() {
        int maxReaders = 5 + random.nextInt(4);
        return StreamSpec.of("x", DType.I64, 1 + random.nextInt(300))
                .maxReaders(maxReaders)
                .slots(maxReaders + 2 + random.nextInt(10));
    }

    /** A stream whose writer and one of whose readers survive all that die beside them. */
    private final class Ring {
        private final StreamWriter writer;
        private final StreamReader survivor;
        private final MappedFile control;
        private final SegmentWords words;
        private final StreamDescriptor layout;
        private final String controlFile;
        private int deaths;

        Ring() throws IOException {
            long incarnation = ++lives;
            writer = StreamWriter.create(foam, "ring", incarnation, spec(), Device.of("host"));
            controlFile = FoamDirectory.fileName("ring", incarnation, "x.control");
            survivor =
                    StreamReader.open(
                            foam,
                            controlFile,
                            StreamReader.Join.newest(ReadMode.IN_ORDER, SURVIVOR));
            control = MappedFile.openReadWrite(foam.path().resolve(controlFile));
            words = new SegmentWords(control.segment());
            layout = writer.header().descriptor();
            Lives.commit(writer);
        }

        /**
         * Once round the ring, under the eyes of the reader that survives; returns the slots used.
         */
        private BitSet lap() {
            BitSet used = new BitSet();
            for (int i = 0; i < 2 * layout.slots(); i++) {
                Lives.commit(writer);
                used.set(Stamp.slot(words.get(StreamDescriptor.LATEST_AT)));
                if (i % 3 == 0) {
                    readOne(survivor);
                }
            }
            return used;
        }

        void live(Life life, long owner) throws IOException {
            StreamReader.Join join =
                    new StreamReader.Join(ReadMode.LATEST, owner, LaneOwners.IMMORTAL, false);
            Lives.reader(life, foam, controlFile, join, this::lap);
        }

        void killReader(String point, int time) throws Exception {
            long owner = OwnerKey.of("victim", lives);
            Life life = Life.until(point, time);
            assertThrows(MortalWords.Death.class, () -> live(life, owner), point);
            life.bury();
            int lane = laneOf(owner);
            long held = leaseOf(lane);
            BitSet used = lap();
            if (held != 0) { // nobody knows yet that its holder is dead
                assertEquals(held, words.get(layout.slot(Stamp.slot(held))), point);
                assertFalse(used.get(Stamp.slot(held)), point);
            }
            long heir = OwnerKey.of("heir", lives);
            boolean inherits = random.nextBoolean();
            if (!inherits) {
                assertEquals(lane < 0 ? 0 : 1, writer.reclaim(dead -> dead == owner), point);
            }
            try (StreamReader next = join(heir, dead -> dead == owner)) {
                assertTrue(inherits && lane >= 0 ? laneOf(heir) == lane : laneOf(heir) >= 0, point);
                readOne(next);
                assertEquals(
                        layout.slots(), lap().cardinality(), "slots lost by a death at " + point);
                readOne(next);
            }
            writer.reclaim(dead -> dead == owner);
            assertEquals(-1, laneOf(owner), point);
            deaths++;
        }

        private StreamReader join(long owner, LaneOwners owners) throws IOException {
            StreamReader.Join join = new StreamReader.Join(ReadMode.LATEST, owner, owners, false);
            return StreamReader.open(foam, controlFile, join);
        }

        private int laneOf(long owner) {
            for (int lane = 0; lane < layout.maxReaders(); lane++) {
                if (words.getAcquire(layout.lane(lane)) == owner) {
                    return lane;
                }
            }
            return -1;
        }

        /**
         * The stamp that a lane holds a lease on, as its reader saw it; 0 if it had come to none.
         */
        private long leaseOf(int lane) {
            if (lane < 0) {
                return 0;
            }
            long at = layout.lane(lane);
            long held = words.get(at + StreamDescriptor.HELD_IN_LANE);
            boolean isOver =
                    words.get(at + StreamDescriptor.DONE_IN_LANE)
                            == words.get(at + StreamDescriptor.LEASE_ID_IN_LANE);
            return held == 0 || isOver || words.get(layout.slot(Stamp.slot(held))) != held
                    ? 0
                    : held;
        }

        void close() throws IOException {
            control.close();
            survivor.close();
            writer.remove();
            writer.close();
        }
    }

    private void readOne(StreamReader reader) {
        try (Lease lease = reader.poll()) {
            assertNotNull(lease);
            Lives.verify(lease);
            verifiedReads++;
        }
    }

    private void killWriter(String point, int time) throws Exception {
        Life life = Life.until(point, time);
        Mourners mourners = new Mourners();
        int incarnation = lives;
        assertThrows(
                MortalWords.Death.class,
                () -> Lives.writer(life, foam, "victim", incarnation, spec(), mourners),
                point);
        life.bury();
        mourners.mourn(OwnerKey.of("victim", incarnation));
    }

    /** The readers of a writer that dies. */
    private final class Mourners implements Lives.Witness {
        private String controlFile;
        private Path payloadFile;
        private StreamReader newest;
        private StreamReader inOrder;
        private Lease kept;

        @Override
        public void born(StreamWriter writer) throws IOException {
            StreamHeader header = writer.header();
            controlFile = FoamDirectory.fileName(header.node(), header.incarnation(), "x.control");
            payloadFile = foam.path().resolve(header.payloadFile());
            newest =
                    StreamReader.open(
                            foam, controlFile, StreamReader.Join.newest(ReadMode.LATEST, SURVIVOR));
            inOrder =
                    StreamReader.open(
                            foam,
                            controlFile,
                            new StreamReader.Join(
                                    ReadMode.IN_ORDER, SURVIVOR, LaneOwners.IMMORTAL, true));
        }

        @Override
        public void between() {
            if (kept != null && random.nextInt(4) == 0) {
                Lives.verify(kept);
                kept.close();
                kept = null;
            } else if (kept == null) {
                kept = newest.poll();
            }
            if (random.nextBoolean()) {
                drain(1);
            }
        }

        private void drain(int most) {
            for (int i = 0; i < most; i++) {
                try (Lease lease = inOrder.poll()) {
                    if (lease == null) {
                        return;
                    }
                    Lives.verify(lease);
                    verifiedReads++;
                }
            }
        }

        /**
         * What was committed stays readable, nobody waits for more than his bound, and the files
         * may go.
         */
        void mourn(long dead) throws IOException {
            if (controlFile == null) {
                return; // died before the stream had its name
            }
            drain(newestSlots());
            assertNull(inOrder.poll());
            assertFalse(inOrder.hasNews());
            sleepOn(inOrder);
            StreamReader.Join join =
                    new StreamReader.Join(ReadMode.LATEST, SURVIVOR, owner -> owner == dead, false);
            try (StreamReader late = StreamReader.open(foam, controlFile, join)) {
                assertEquals(inOrder.sequence() > 0, late.hasNews());
                if (late.hasNews()) {
                    readOne(late);
                }
                assertEquals(inOrder.sequence(), late.sequence());
            }
            Files.delete(foam.path().resolve(controlFile));
            Files.delete(payloadFile);
            if (kept != null) {
                Lives.verify(kept);
                verifiedReads++;
            }
            newest.close();
            inOrder.close();
        }

        private int newestSlots() {
            return newest.header().spec().slots();
        }

        private void sleepOn(StreamReader reader) {
            try (Futex.Waiter waiter = new Futex.Waiter(1)) {
                waiter.add(reader.doorbell(), reader.prepareSleep());
                waiter.await(System.nanoTime() + 100_000);
                reader.endSleep();
            }
        }
    }
}
