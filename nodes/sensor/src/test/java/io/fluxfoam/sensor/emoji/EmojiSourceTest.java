package io.fluxfoam.sensor.emoji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.vary.Sprite;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is shown when; what the icons look like is {@link IconPainterTest}'s. */
class EmojiSourceTest {
    private static final FrameShape SMALL =
            new FrameShape(FrameShape.MIN_SIDE, FrameShape.MIN_SIDE, FrameShape.MIN_SOUND_SAMPLES);
    private static final long SEED = 7;
    private static final int MANY = 6000;
    private static final int THINGS = Icons.things().size();
    private static final float[] CLICK = {1};

    private final MemorySegment picture = Arena.ofAuto().allocate(SMALL.pictureBytes());
    private final MemorySegment sound = Arena.ofAuto().allocate(SMALL.soundBytes(), Float.BYTES);

    /** What was drawn for the frame of each counter, and the frame. */
    private record Shown(EmojiStyle style, int thing, String caption, int bytes) {}

    @Test
    void shouldHaveManyDifferentNames() {
        List<String> captions = EmojiSource.captions();
        assertTrue(captions.size() >= 200, captions.size() + " things");
        assertEquals(captions.size(), new HashSet<>(captions).size());
        assertTrue(captions.containsAll(List.of("cherry blossom", "t shirt", "dog")));
        assertTrue(captions.stream().allMatch(name -> name.matches("[a-z]+( [a-z]+)*")));
    }

    @Test
    void shouldBeAPureFunctionOfSeedAndCounter() throws SourceException {
        Map<Long, Shown> first = new HashMap<>();
        List<Shown> drawn = new ArrayList<>();
        EmojiSource source = source(SEED, EmojiStyle.OPENMOJI, drawn);
        for (long counter = 0; counter < 60; counter++) {
            first.put(counter, show(source, counter, drawn));
        }
        EmojiSource restarted = source(SEED, EmojiStyle.OPENMOJI, drawn);
        for (long counter = 59; counter >= 0; counter--) {
            assertEquals(first.get(counter), show(restarted, counter, drawn));
        }
        assertEquals(60, first.values().stream().map(Shown::bytes).distinct().count());
        EmojiSource other = source(SEED + 1, EmojiStyle.OPENMOJI, drawn);
        for (long counter = 0; counter < 20; counter++) {
            assertNotEquals(first.get(counter + 1).bytes(), show(other, counter, drawn).bytes());
        }
    }

    @ParameterizedTest
    @EnumSource(EmojiStyle.class)
    void shouldDrawNoTrainFrameInTheHeldStyleOrItsKin(EmojiStyle held) throws SourceException {
        List<Shown> drawn = new ArrayList<>();
        EmojiSource source = source(SEED, held, drawn);
        Map<EmojiStyle, Integer> trained = new EnumMap<>(EmojiStyle.class);
        Set<Integer> things = new HashSet<>();
        for (long counter = 0; counter < MANY; counter++) {
            Shown shown = show(source, counter, drawn);
            assertEquals(EmojiSource.captions().get(shown.thing()), shown.caption());
            if (!HoldoutRule.isHoldout(counter)) {
                trained.merge(shown.style(), 1, Integer::sum);
                things.add(shown.thing());
            } else if (HoldoutRule.ordinal(counter) % 2 == 1) {
                assertEquals(held, shown.style());
            } else {
                assertTrue(held.trained().contains(shown.style()), "" + shown);
            }
        }
        assertEquals(THINGS, things.size(), "every thing is trained on");
        assertEquals(new TreeSet<>(held.trained()), new TreeSet<>(trained.keySet()));
        int expected = MANY * 2 / 3 / held.trained().size();
        trained.values().forEach(count -> assertEquals(expected, count, expected / 8));
        assertFalse(held.trained().contains(held));
        boolean noto = Set.of(EmojiStyle.NOTO, EmojiStyle.NOTO_V1).contains(held);
        assertEquals(noto ? 3 : 4, held.trained().size());
    }

    /** Whatever the held style looks like, no TRAIN frame has one byte that comes from it. */
    @Test
    void shouldLeaveNoTraceOfTheHeldStyleInTrainFrames() throws SourceException {
        EmojiStyle held = EmojiStyle.OPENMOJI;
        Drawing one = (style, thing) -> sprite(style.ordinal() * 40);
        Drawing other = (style, thing) -> sprite(style == held ? 255 : style.ordinal() * 40);
        EmojiSource ones = new EmojiSource(SMALL, SEED, held, one, thing -> CLICK);
        EmojiSource others = new EmojiSource(SMALL, SEED, held, other, thing -> CLICK);
        byte[] before = new byte[SMALL.pictureBytes()];
        for (long counter = 0; counter < 3000; counter++) {
            ones.read(counter, picture, sound);
            MemorySegment.copy(picture, 0, MemorySegment.ofArray(before), 0, before.length);
            others.read(counter, picture, sound);
            boolean same = picture.mismatch(MemorySegment.ofArray(before)) < 0;
            boolean inStyle =
                    HoldoutRule.isHoldout(counter) && HoldoutRule.ordinal(counter) % 2 == 1;
            assertEquals(!inStyle, same, "counter=" + counter);
        }
    }

    @Test
    void shouldWalkAllThingsInEachSetOfHeldOutFrames() throws SourceException {
        List<Shown> drawn = new ArrayList<>();
        EmojiSource source = source(SEED, EmojiStyle.OPENMOJI, drawn);
        Candidates candidates = source.candidates();
        Map<CandidateSet, List<String>> shown = new HashMap<>();
        int rounds = 2;
        for (long ordinal = 0; ordinal < rounds * 2L * THINGS; ordinal++) {
            long counter = ordinal * HoldoutRule.EVERY + HoldoutRule.EVERY - 1;
            String caption = show(source, counter, drawn).caption();
            CandidateSet set = candidates.setOf(counter, caption).orElseThrow();
            shown.computeIfAbsent(set, key -> new ArrayList<>()).add(caption);
        }
        assertEquals(
                List.of(HoldoutKind.RENDERINGS, HoldoutKind.STYLE),
                candidates.sets().stream().map(CandidateSet::kind).toList());
        for (CandidateSet set : candidates.sets()) {
            List<String> captions = shown.get(set);
            assertEquals(rounds * THINGS, captions.size());
            for (int from = 0; from <= THINGS; from += 10) {
                List<String> round = captions.subList(from, from + THINGS);
                assertEquals(THINGS, new HashSet<>(round).size(), set.name() + " " + from);
            }
        }
        assertEquals(candidates, Candidates.parse(candidates.text()));
    }

    @Test
    void shouldSayEachNameAudibly() {
        SpokenNames names = new SpokenNames(EmojiSource.captions());
        for (int thing = 0; thing < THINGS; thing += 3) {
            float[] spoken = names.spoken(thing);
            String name = EmojiSource.captions().get(thing);
            assertTrue(spoken.length > 3000, name + " has " + spoken.length + " samples");
            // As short as a variation may make it, it fits.
            assertTrue(.7 * spoken.length <= EmojiSource.SHAPE.soundSamples(), name);
            double peak = 0;
            for (float value : spoken) {
                peak = Math.max(peak, Math.abs(value));
            }
            assertTrue(peak > .1, name + " peak=" + peak);
            assertArrayEquals(spoken, names.spoken(thing));
        }
    }

    @Test
    void shouldRefuseAStyleThatThereIsNotAndSayWhichThereAre() {
        IllegalArgumentException refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new EmojiSource(SMALL, SEED, "oils", Path.of("."), line -> {}));
        assertEquals(
                "--hold-style=oils is none of noto, noto-v1, twemoji, openmoji, fluent-emoji-flat",
                refusal.getMessage());
    }

    private EmojiSource source(long seed, EmojiStyle held, List<Shown> drawn) {
        Sprite sprite = sprite(200);
        return new EmojiSource(
                SMALL,
                seed,
                held,
                (style, thing) -> {
                    drawn.add(new Shown(style, thing, "", 0));
                    return sprite;
                },
                thing -> CLICK);
    }

    /** A frame is of the one thing that was drawn for it. */
    private Shown show(EmojiSource source, long counter, List<Shown> drawn) throws SourceException {
        drawn.clear();
        picture.fill((byte) counter);
        sound.fill((byte) counter);
        assertTrue(source.read(counter, picture, sound));
        assertEquals(1, drawn.size());
        int bytes = 31 * picture.asByteBuffer().hashCode() + sound.asByteBuffer().hashCode();
        return new Shown(
                drawn.getFirst().style(), drawn.getFirst().thing(), source.caption(), bytes);
    }

    private static Sprite sprite(int value) {
        byte[] rgba = new byte[16 * 16 * Sprite.PIXEL_BYTES];
        Arrays.fill(rgba, (byte) value);
        for (int at = 3; at < rgba.length; at += Sprite.PIXEL_BYTES) {
            rgba[at] = (byte) 255;
        }
        Arrays.fill(rgba, 0, Sprite.PIXEL_BYTES, (byte) 0);
        return new Sprite(16, 16, rgba);
    }
}
