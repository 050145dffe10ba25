package io.fluxfoam.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.Worlds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class WorldsSourceTest {
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final List<String> notices = new ArrayList<>();

    /** A source that notes which counters it was asked for, and ends after some. */
    private static final class Noting implements FrameSource {
        private final String name;
        private final int frames;
        private final List<String> captions;
        private final List<Long> counters = new ArrayList<>();
        private boolean closed;

        Noting(String name, int frames, List<String> captions) {
            this.name = name;
            this.frames = frames;
            this.captions = captions;
        }

        @Override
        public FrameShape shape() {
            return FrameShape.STANDARD;
        }

        @Override
        public boolean captioned() {
            return true;
        }

        @Override
        public Candidates candidates() {
            return Candidates.of(new CandidateSet("takes", HoldoutKind.TAKES, captions));
        }

        @Override
        public boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32) {
            if (counters.size() == frames) {
                return false;
            }
            counters.add(counter);
            return true;
        }

        @Override
        public @Nullable String caption() {
            return name + " " + counters.getLast();
        }

        @Override
        public long skippedItems() {
            return 3;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private WorldsSource of(long switchEvery, Noting... sources) {
        List<String> names = List.of(sources).stream().map(one -> one.name + ":").toList();
        return new WorldsSource(
                new Worlds(sources.length, switchEvery), names, List.of(sources), notices::add);
    }

    @Test
    void shouldSwitchBetweenItsSourcesAndLeaveNoneOfTheirFramesOut() throws IOException {
        Noting a = new Noting("a", 10_000, List.of("x", "y"));
        Noting b = new Noting("b", 10_000, List.of("x", "z"));
        try (WorldsSource both = of(500, a, b)) {
            for (long counter = 0; counter < 3_000; counter++) {
                assertTrue(both.read(counter, NOTHING, NOTHING));
                Noting shown = counter / 500 % 2 == 0 ? a : b;
                assertEquals(shown.caption(), both.caption());
                assertEquals(
                        HoldoutRule.isHoldout(counter),
                        HoldoutRule.isHoldout(shown.counters.getLast()));
            }
            assertEquals(6, both.skippedItems());
        }
        List<Long> all = IntStream.range(0, 1_500).mapToObj(i -> (long) i).toList();
        assertEquals(all, a.counters.stream().sorted().toList());
        assertEquals(all, b.counters.stream().sorted().toList());
        assertTrue(a.closed && b.closed);
    }

    @Test
    void shouldHoldTheSetsOfItsSourcesApart() {
        try (WorldsSource both =
                of(3, new Noting("a", 1, List.of("x")), new Noting("b", 1, List.of("x", "z")))) {
            Candidates candidates = Candidates.parse(both.candidates().text());
            assertEquals(new Worlds(2, 3), candidates.worlds());
            assertEquals(
                    List.of(0, 1), candidates.sets().stream().map(CandidateSet::world).toList());
            assertEquals(List.of("x", "z"), candidates.captions());
        }
    }

    @Test
    void shouldGoOnWithTheOthersWhenOneHasEnded() throws IOException {
        Noting a = new Noting("a", 4, List.of("x"));
        Noting b = new Noting("b", 6, List.of("y"));
        List<Long> shown = new ArrayList<>();
        try (WorldsSource both = of(3, a, b)) {
            for (long counter = 0; counter != FrameSource.OVER; ) {
                if (both.read(counter, NOTHING, NOTHING)) {
                    shown.add(counter++);
                } else {
                    counter = both.nextAfter(counter);
                }
            }
            assertFalse(both.read(1_000, NOTHING, NOTHING));
        }
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 9L, 10L, 11L), shown);
        assertEquals(
                List.of("a: has ended; the other sources keep their turns", "b: has ended"),
                notices);
    }

    @Test
    void shouldChooseAmongTooManyCaptions() {
        Noting[] sources = new Noting[3];
        for (int i = 0; i < 3; i++) {
            int world = i;
            sources[i] =
                    new Noting(
                            "s" + i,
                            1,
                            IntStream.range(0, 1_024).mapToObj(n -> world + " " + n).toList());
        }
        try (WorldsSource all = of(3, sources)) {
            assertEquals(
                    List.of(682, 682, 682),
                    all.candidates().sets().stream().map(set -> set.captions().size()).toList());
        }
        assertEquals(1, notices.size(), notices.toString());
    }
}
