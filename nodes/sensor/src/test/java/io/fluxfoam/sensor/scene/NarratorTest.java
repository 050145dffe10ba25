package io.fluxfoam.sensor.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.speech.Speaker;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

class NarratorTest {
    private static final float LOUD = 8 * Narrator.NOISE_FLOOR;

    @Test
    void shouldSpeakTheSameWhateverWasSpokenBefore() {
        List<String> sentences = new World().seen();
        Speaker speaker = new Speaker();
        Map<Integer, float[]> spoken = new HashMap<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            spoken.put(i, speak(speaker, sentences.get(i), i));
            order.add(i);
        }
        Collections.shuffle(order, new Random(7));
        Speaker other = new Speaker();
        for (int i : order) {
            assertArrayEquals(spoken.get(i), speak(other, sentences.get(i), i), sentences.get(i));
            assertArrayEquals(spoken.get(i), speak(speaker, sentences.get(i), i), sentences.get(i));
        }
    }

    private static float[] speak(Speaker speaker, String sentence, int i) {
        return speaker.samples(sentence, 80 + i, 140 + i % 50);
    }

    @Test
    void shouldKeepEverySentenceWholeInsideTheWindow() {
        Narrator narrator = new Narrator(FrameShape.STANDARD);
        for (String sentence : new World().seen().subList(0, 60)) {
            float[] window = narrate(narrator, FrameShape.STANDARD, sentence, sentence.hashCode());
            assertQuietAtBothEnds(window, sentence);
        }
    }

    @Test
    void shouldSpeakFasterWhatWouldNotFitAndNotCutIt() {
        String sentence = "wooden candle behind the station";
        Speaker speaker = new Speaker();
        int slowCount = speaker.samples(sentence, 100, 190).length;
        FrameShape narrow = new FrameShape(96, 320, slowCount * 2 / 3);
        Narrator narrator = new Narrator(narrow);
        for (int seed = 0; seed < 20; seed++) {
            assertQuietAtBothEnds(narrate(narrator, narrow, sentence, seed), "seed=" + seed);
        }
    }

    @Test
    void shouldRefuseAWindowThatNoRateCanFill() {
        FrameShape tiny = new FrameShape(96, 320, FrameShape.MIN_SOUND_SAMPLES);
        Narrator narrator = new Narrator(tiny);
        IllegalArgumentException refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> narrate(narrator, tiny, "red dog near the river ".repeat(20), 1));
        assertTrue(refusal.getMessage().contains("windowSamples=8000"), refusal.getMessage());
    }

    @Test
    void shouldNeverBeDigitallySilentNorClipped() {
        Narrator narrator = new Narrator(FrameShape.STANDARD);
        for (int seed = 0; seed < 40; seed++) {
            float[] window =
                    narrate(narrator, FrameShape.STANDARD, "old horse above the market", seed);
            int zeros = 0;
            for (float sample : window) {
                zeros += sample == 0 ? 1 : 0;
                assertTrue(Math.abs(sample) < 1, "seed=" + seed + " sample=" + sample);
            }
            assertTrue(zeros < 5, "zeros=" + zeros);
        }
    }

    @Test
    void shouldVaryTheVoiceWithTheSeed() {
        Narrator narrator = new Narrator(FrameShape.STANDARD);
        assertNotEquals(
                firstLoud(narrate(narrator, FrameShape.STANDARD, "red dog near the river", 1)),
                firstLoud(narrate(narrator, FrameShape.STANDARD, "red dog near the river", 2)));
    }

    /**
     * The voice ends each sentence with a pause, so sound at the very edge would be sound that was
     * cut.
     */
    private static void assertQuietAtBothEnds(float[] window, String message) {
        int first = firstLoud(window);
        int last = lastLoud(window);
        assertTrue(
                first > 100 && last < window.length - 100,
                message + " first=" + first + " last=" + last);
        assertTrue(last - first > window.length / 4, message + " spans only " + (last - first));
    }

    private static int firstLoud(float[] window) {
        int i = 0;
        while (i < window.length && Math.abs(window[i]) < LOUD) {
            i++;
        }
        return i;
    }

    private static int lastLoud(float[] window) {
        int i = window.length - 1;
        while (i >= 0 && Math.abs(window[i]) < LOUD) {
            i--;
        }
        return i;
    }

    private static float[] narrate(
            Narrator narrator, FrameShape shape, String sentence, long seed) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sound = arena.allocate(shape.soundBytes(), Float.BYTES);
            narrator.speak(sentence, new SplittableRandom(seed), sound);
            float[] window = sound.toArray(ValueLayout.JAVA_FLOAT);
            assertEquals(shape.soundSamples(), window.length);
            return window;
        }
    }
}
