package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.student.Scenery;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

class ReservoirTest {
    private static final int NEWEST = 8;
    private static final int KEPT = 4;

    @TempDir private Path directory;

    private static MomentArena arena(ReplayMemory memory, long seed) {
        return new MomentArena(
                memory,
                Scenery.SHAPE,
                NEWEST,
                new Reservoir.Settings(KEPT, .5, false, seed),
                (_, _) -> 0);
    }

    private ReplayFiles files() {
        return new ReplayFiles(
                directory.resolve("student.replay"),
                "sensor=s",
                trouble -> {
                    throw new AssertionError(trouble);
                });
    }

    private static void feed(MomentArena arena, int from, int to) {
        for (int n = from; n < to; n++) {
            Moment moment = arena.open(Scenery.train(n), n, 0);
            moment.pictureWritten();
            moment.soundWritten();
            moment.markTrainable();
        }
    }

    private static List<Integer> held(MomentArena arena) {
        TreeSet<Integer> held = new TreeSet<>();
        for (int row = 0; row < arena.rowsUsed(); row++) {
            if (arena.moment(row).trainable()) {
                assertTrue(held.add((int) arena.moment(row).captureNs()), "twice");
            }
        }
        return new ArrayList<>(held);
    }

    @Test
    void shouldKeepTheNewestAndSomeOfTheRest() {
        MomentArena arena = arena(ReplayMemory.in(Arena.ofAuto()), 1);
        for (int n = 0; n < 200; n++) {
            feed(arena, n, n + 1);
            List<Integer> held = held(arena);
            assertEquals(Math.min(n + 1, NEWEST + KEPT), held.size());
            for (int newest = Math.max(0, n + 1 - NEWEST); newest <= n; newest++) {
                assertTrue(held.contains(newest), newest + " of " + held);
                assertEquals(newest, arena.find(Scenery.train(newest)).captureNs());
            }
        }
    }

    /** Of 60 that left, each stays in one of 15 arenas, be it an early or a late one. */
    @Test
    void shouldKeepEachAsLikely() {
        int[] kept = new int[3];
        int arenas = 300;
        try (Arena memory = Arena.ofConfined()) {
            for (int seed = 0; seed < arenas; seed++) {
                MomentArena arena = arena((_, _, bytes, _) -> memory.allocate(bytes, 8), seed);
                feed(arena, 0, 60 + NEWEST);
                held(arena).stream().filter(n -> n < 60).forEach(n -> kept[n / 20]++);
            }
        }
        for (int third : kept) { // 400 each, with a deviation of some 16
            assertEquals(arenas * KEPT / 3.0, third, 65);
        }
    }

    @Test
    void shouldKeepTheSameWithTheSameSeed() {
        MomentArena one = arena(ReplayMemory.in(Arena.ofAuto()), 3);
        MomentArena other = arena(ReplayMemory.in(Arena.ofAuto()), 3);
        feed(one, 0, 500);
        feed(other, 0, 500);
        assertEquals(held(one), held(other));
    }

    /** Each life is left unclosed between two moments. */
    @Test
    void shouldKeepItsRowsWhenItIsOpenedAgain() {
        MomentArena whole = arena(ReplayMemory.in(Arena.ofAuto()), 5);
        feed(whole, 0, 7);
        for (int n = 7; n < 120; n += 7) {
            MomentArena life = arena(files(), 5);
            feed(life, n - 7, n);
            assertEquals(held(whole).size(), held(life).size());
            List<Integer> before = held(life);
            MomentArena next = arena(files(), 5);
            assertEquals(before, held(next));
            feed(whole, n, n + 7);
        }
    }

    @Test
    void shouldDrawItsShareFromWhatIsKept() {
        MomentArena arena = arena(ReplayMemory.in(Arena.ofAuto()), 1);
        feed(arena, 0, 100);
        SplittableRandom random = new SplittableRandom(1);
        int old = 0;
        Set<Integer> drawn = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            Moment moment = arena.moment(arena.drawRow(random));
            drawn.add(moment.row());
            old += moment.captureNs() < 100 - NEWEST ? 1 : 0;
        }
        assertEquals(1_000, old, 100);
        assertEquals(NEWEST + KEPT, drawn.size());
    }

    /**
     * Ten moments of another world, then 2,000 of this: by chance one in 200 of those would stay.
     */
    @Test
    void shouldKeepTheOtherWorldIfBalanced() {
        MomentArena arena =
                new MomentArena(
                        ReplayMemory.in(Arena.ofAuto()),
                        Scenery.SHAPE,
                        NEWEST,
                        new Reservoir.Settings(10 * KEPT, .5, true, 1),
                        (one, other) -> one.captureNs() < 10 == other.captureNs() < 10 ? 0 : 1);
        feed(arena, 0, 2_000);
        List<Integer> held = held(arena);
        assertEquals(10 * KEPT + NEWEST, held.size());
        assertTrue(held.stream().filter(n -> n < 10).count() >= 8, held::toString);
    }

    @Test
    void shouldBecomeNewestWhatWasKeptTooMuch() {
        feed(new MomentArena(files(), Scenery.SHAPE, NEWEST + KEPT), 0, 40);
        MomentArena arena = arena(files(), 1); // as many rows, but some of them for what is kept
        assertEquals(NEWEST + KEPT, held(arena).size());
        feed(arena, 40, 48);
        List<Integer> held = held(arena);
        assertTrue(held.containsAll(List.of(40, 41, 42, 43, 44, 45, 46, 47)), held::toString);
    }
}
