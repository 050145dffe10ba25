package io.fluxfoam.student.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Standardizer;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.net.AdamW;
import io.fluxfoam.student.net.ParameterGroup;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.net.Viscosity;
import io.fluxfoam.student.replay.TargetSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

class CheckpointStoreTest {
    private static final Width NARROW = Width.parse("0.5");
    private static final HeatmapLayout LAYOUT =
            HeatmapLayout.EMPTY
                    .append("language", 1, 6)
                    .append("vision", 4, 3)
                    .append("voice", 10, 5);
    private static final List<TargetSource> ORIGINS =
            List.of(
                    new TargetSource(Alignment.NONE, ""),
                    new TargetSource(Alignment.PICTURE, "5eed"),
                    new TargetSource(Alignment.SPEECH, ""));
    private static final String SOURCE = "sensor=sensor pairing=TRUE";

    private final Arena arena = Arena.ofShared();
    private final List<String> damage = new ArrayList<>();
    @TempDir private Path directory;
    private CheckpointStore store;
    private Path current;

    @BeforeEach
    void open() {
        store = new CheckpointStore(directory);
        current = directory.resolve("student.checkpoint");
    }

    @AfterEach
    void free() {
        arena.close();
    }

    private StudentNet net(long seed) {
        return new StudentNet(arena, seed, AdamW.DEFAULT, NARROW);
    }

    private static Statistics statistics(int dim, int moments) {
        Standardizer standardizer = new Standardizer(dim);
        for (int m = 0; m < moments; m++) {
            standardizer.collect(Scenery.features(m, dim, 3, 1));
        }
        return standardizer.statistics();
    }

    /** A state whose every block is marked by the step. */
    private Checkpoint state(long step) {
        StudentNet net = net(1);
        for (int i = 0; i < ORIGINS.size(); i++) {
            net.addHead(LAYOUT.regions().get(i), ORIGINS.get(i).alignment());
        }
        List<Checkpoint.Group> groups = new ArrayList<>();
        for (ParameterGroup group : net.groups()) {
            List<MemorySegment> blocks =
                    List.of(
                            group.values(),
                            group.firstMoments(),
                            group.secondMoments(),
                            group.buffers(),
                            group.averages());
            for (int b = 0; b < blocks.size(); b++) {
                if (blocks.get(b).byteSize() > 0) {
                    blocks.get(b).setAtIndex(ValueLayout.JAVA_FLOAT, 0, step + b / 10f);
                }
            }
            groups.add(new Checkpoint.Group(group.name(), step + 1, blocks));
        }
        HeatmapStatistics statistics =
                new HeatmapStatistics(
                        LAYOUT, List.of(statistics(6, 64), statistics(3, 10), statistics(5, 64)));
        return new Checkpoint(SOURCE, step, 1.25, NARROW, statistics, ORIGINS, groups);
    }

    private Optional<Checkpoint> load() throws IOException {
        return store.load(e -> damage.add(e.getMessage()));
    }

    @Test
    void shouldFindNothingInAnEmptyDirectory() throws IOException {
        assertTrue(load().isEmpty());
        assertTrue(damage.isEmpty());
    }

    @Test
    void shouldGiveBackWholeState() throws IOException {
        Checkpoint saved = state(7);
        store.save(saved);
        Checkpoint loaded = load().orElseThrow();
        assertEquals(7, loaded.step());
        assertEquals(1.25, loaded.loss());
        assertEquals(NARROW, loaded.width());
        assertEquals(LAYOUT, loaded.statistics().layout());
        assertEquals(ORIGINS, loaded.targetSources());
        assertEquals(64, loaded.statistics().statistics().get(0).moments());
        assertEquals(
                saved.statistics().statistics().get(0).mean(2),
                loaded.statistics().statistics().get(0).mean(2));
        StudentNet net = net(2);
        loaded.restore(net);
        for (int g = 0; g < 3; g++) {
            ParameterGroup group = net.groups().get(g);
            assertEquals(8, group.step());
            List<MemorySegment> blocks = saved.groups().get(g).blocks();
            assertArrayEquals(
                    blocks.get(0).toArray(ValueLayout.JAVA_FLOAT),
                    group.values().toArray(ValueLayout.JAVA_FLOAT));
            assertEquals(-1, blocks.get(1).mismatch(group.firstMoments()));
            assertEquals(-1, blocks.get(2).mismatch(group.secondMoments()));
            assertEquals(-1, blocks.get(3).mismatch(group.buffers()));
            assertEquals(-1, blocks.get(4).mismatch(group.averages()));
        }
    }

    @Test
    void shouldKeepHowWeightsResist() throws IOException {
        AdamW rule = new AdamW(2e-3, .01, 30, Viscosity.v2(30, 2e-3, true));
        ParameterGroup group = new StudentNet(arena, 1, rule, NARROW).groups().getFirst();
        group.frictionBlock().setAtIndex(ValueLayout.JAVA_FLOAT, 5, .25f);
        List<MemorySegment> blocks =
                List.of(
                        group.values(),
                        group.firstMoments(),
                        group.secondMoments(),
                        group.buffers(),
                        group.averages(),
                        group.frictionBlock());
        HeatmapStatistics none = new HeatmapStatistics(HeatmapLayout.EMPTY, List.of());
        List<Checkpoint.Group> groups = List.of(new Checkpoint.Group(group.name(), 1, blocks));
        store.save(new Checkpoint(SOURCE, 1, 1, NARROW, none, List.of(), groups));
        StudentNet next = new StudentNet(arena, 2, rule, NARROW);
        load().orElseThrow().restore(next);
        assertEquals(-1, group.frictionBlock().mismatch(next.groups().getFirst().frictionBlock()));
        IOException refused =
                assertThrows(IOException.class, () -> load().orElseThrow().restore(net(3)));
        assertEquals("checkpoint has trunk blocks=6, the network 5", refused.getMessage());
    }

    @Test
    void shouldGiveTheNewestAndKeepTheOneBefore() throws IOException {
        for (int step = 1; step <= 3; step++) {
            store.save(state(step));
        }
        assertEquals(3, load().orElseThrow().step());
        Files.delete(current);
        assertEquals(2, load().orElseThrow().step());
        assertTrue(damage.isEmpty());
    }

    @Test
    void shouldFallBackWithOneLineFromAnyDamage() throws IOException {
        store.save(state(1));
        store.save(state(2));
        byte[] whole = Files.readAllBytes(current);
        for (int at :
                new int[] {0, 9, 13, 17, 25, 29, 40, 300, whole.length / 2, whole.length - 1}) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            Files.write(current, flipped);
            damage.clear();
            assertEquals(1, load().orElseThrow().step(), "byte " + at);
            assertEquals(1, damage.size(), "byte " + at);
            assertTrue(
                    damage.getFirst().startsWith("checkpoint is damaged: path=" + current),
                    damage.getFirst());
        }
        for (int length : new int[] {0, 5, 32, 100, whole.length - 1}) {
            Files.write(current, Arrays.copyOf(whole, length));
            assertEquals(1, load().orElseThrow().step(), "length " + length);
        }
    }

    @Test
    void shouldNeverLoseTheLastWholeOneToADamagedOne() throws IOException {
        store.save(state(1));
        store.save(state(2));
        Files.write(current, new byte[1000]);
        CheckpointStore next = new CheckpointStore(directory);
        assertEquals(1, next.load(e -> damage.add(e.getMessage())).orElseThrow().step());
        next.save(state(3));
        Files.write(current, new byte[1000]);
        assertEquals(1, load().orElseThrow().step(), "it was whole, and still is");
        store.save(state(4));
        store.save(state(5));
        Files.delete(current);
        assertEquals(4, load().orElseThrow().step());
    }

    @Test
    void shouldKeepWhatIsThereWhenItCannotWrite() throws IOException {
        store.save(state(1));
        Path unfinished = directory.resolve(".student.checkpoint.tmp");
        Files.createDirectories(unfinished.resolve("full"));
        assertThrows(IOException.class, () -> store.save(state(2)));
        assertEquals(1, load().orElseThrow().step());
        Files.delete(unfinished.resolve("full"));
        Files.delete(unfinished);
        store.save(state(3));
        assertEquals(3, load().orElseThrow().step());
    }

    @Test
    void shouldSayThatItIsOfAStudentThatLearnedFromOtherMoments() throws IOException {
        store.save(state(1));
        Checkpoint loaded = load().orElseThrow();
        loaded.requireSource(SOURCE);
        IOException refusal =
                assertThrows(
                        IOException.class,
                        () -> loaded.requireSource("sensor=sensor pairing=PLACEBO"));
        assertEquals(
                "checkpoint is of a student that learned from other moments: has=\"sensor=sensor"
                        + " pairing=TRUE\" wanted=\"sensor=sensor pairing=PLACEBO\"",
                refusal.getMessage());
    }

    @Test
    void shouldNotFallBackFromAFileOfAnotherProgram() throws IOException {
        store.save(state(1));
        store.save(state(2));
        assertRefuses(6, "checkpoint is too new: path=" + current + " version=6 known=5");
        assertRefuses(1, "checkpoint is too old: path=" + current + " version=1 known=5");
    }

    private void assertRefuses(int version, String line) throws IOException {
        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(current)).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(8, version);
        CRC32C crc = new CRC32C();
        crc.update(file.array(), 0, 28);
        file.putInt(28, (int) crc.getValue());
        Files.write(current, file.array());
        IOException refusal = assertThrows(IOException.class, this::load);
        assertEquals(line, refusal.getMessage());
    }

    @Test
    void shouldSayThatBothAreDamaged() throws IOException {
        store.save(state(1));
        store.save(state(2));
        Files.writeString(current, "no");
        Files.writeString(directory.resolve("student.checkpoint.previous"), "neither");
        assertTrue(load().isEmpty());
        assertEquals(2, damage.size());
    }

    @Test
    void shouldSurviveADeathBetweenWriteAndRename() throws IOException {
        store.save(state(1));
        store.save(state(2));
        Files.write(directory.resolve(".student.checkpoint.tmp"), new byte[1000]);
        assertEquals(2, load().orElseThrow().step());
        store.save(state(3));
        assertEquals(3, load().orElseThrow().step());
    }

    @Test
    void shouldSurviveADeathBetweenTheTwoRenames() throws IOException {
        store.save(state(1));
        store.save(state(2));
        Files.move(
                current,
                directory.resolve("student.checkpoint.previous"),
                StandardCopyOption.REPLACE_EXISTING);
        assertEquals(2, load().orElseThrow().step());
        store.save(state(3));
        assertEquals(3, load().orElseThrow().step());
    }

    @Test
    void shouldRefuseTheStateOfAnotherNetwork() throws IOException {
        store.save(state(1));
        StudentNet other = net(1);
        other.addHead(LAYOUT.regions().get(1), Alignment.SOUND);
        Checkpoint loaded = load().orElseThrow();
        assertThrows(IllegalStateException.class, () -> loaded.restore(other));
        Checkpoint.Group trunk = loaded.groups().getFirst();
        Checkpoint renamed =
                new Checkpoint(
                        SOURCE,
                        1,
                        0,
                        NARROW,
                        loaded.statistics(),
                        loaded.targetSources(),
                        List.of(
                                trunk,
                                loaded.groups().get(2),
                                loaded.groups().get(1),
                                loaded.groups().get(3)));
        IOException refusal = assertThrows(IOException.class, () -> renamed.restore(net(1)));
        assertTrue(refusal.getMessage().contains("head/vision"), refusal.getMessage());
    }
}
