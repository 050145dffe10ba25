package io.fluxfoam.sensor.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.HoldoutRule;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

class WorldTest {
    private final World world = new World();
    private final List<String> seenWordSentences = world.heldOut().sets().getFirst().captions();
    private final List<String> unseenWordSentences = world.heldOut().sets().getLast().captions();

    @Test
    void shouldHaveTheAgreedNumbersOfWordsAndSentences() {
        assertEquals(
                List.of(16, 16, 6, 12),
                WordLists.SLOTS.stream().map(slot -> slot.seen().size()).toList());
        assertEquals(
                List.of(4, 4, 0, 3),
                WordLists.SLOTS.stream().map(slot -> slot.heldOut().size()).toList());
        assertEquals(200, world.seen().size());
        assertEquals(60, seenWordSentences.size());
        assertEquals(40, unseenWordSentences.size());
        assertEquals(300, new HashSet<>(all()).size());
    }

    @Test
    void shouldBeTheSameForEver() {
        CRC32C crc = new CRC32C();
        crc.update(String.join("\n", all()).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                1_006_503_951L,
                crc.getValue(),
                "candidates of different runs would not be comparable");
    }

    @Test
    void shouldShowEverySeenWordAndNoHeldOutWordInTrainSentences() {
        Set<String> shown = words(world.seen());
        for (WordLists.Slot slot : WordLists.SLOTS) {
            assertTrue(shown.containsAll(slot.seen()), slot.toString());
            assertTrue(slot.heldOut().stream().noneMatch(shown::contains), slot.toString());
        }
    }

    @Test
    void shouldCombineOnlySeenWordsInTheFirstHeldOutSet() {
        assertTrue(words(world.seen()).containsAll(words(seenWordSentences)));
    }

    @Test
    void shouldHaveExactlyOneUnseenWordInEachSentenceOfTheSecondHeldOutSet() {
        Set<String> shown = words(world.seen());
        Set<String> unseen = new HashSet<>();
        for (String sentence : unseenWordSentences) {
            List<String> strange =
                    Arrays.stream(sentence.split(" "))
                            .filter(word -> !shown.contains(word))
                            .toList();
            assertEquals(1, strange.size(), sentence);
            unseen.addAll(strange);
        }
        assertEquals(11, unseen.size());
    }

    @Test
    void shouldKeepAnyTwoSentencesAtLeastTwoWordsApart() {
        List<String[]> sentences = all().stream().map(sentence -> sentence.split(" ")).toList();
        for (int i = 0; i < sentences.size(); i++) {
            for (int j = 0; j < i; j++) {
                int differences = 0;
                for (int k = 0; k < sentences.get(i).length; k++) {
                    differences += sentences.get(i)[k].equals(sentences.get(j)[k]) ? 0 : 1;
                }
                assertTrue(differences >= 2, all().get(i) + " / " + all().get(j));
            }
        }
    }

    @Test
    void shouldNeverShowAHeldOutSentenceInATrainFrame() {
        Set<String> seen = new HashSet<>(world.seen());
        Set<String> shown = new HashSet<>();
        for (long counter = 0; counter < 9_000; counter++) {
            if (!HoldoutRule.isHoldout(counter)) {
                String sentence = world.sentence(counter, new SplittableRandom(counter));
                assertTrue(seen.contains(sentence), sentence);
                shown.add(sentence);
            }
        }
        assertEquals(seen, shown);
    }

    @Test
    void shouldWalkTheHeldOutSentencesInOneFixedInterleavedOrder() {
        List<String> walk = new ArrayList<>();
        for (long counter = 2; counter < 600; counter += 3) {
            walk.add(world.sentence(counter, new SplittableRandom(counter)));
        }
        assertEquals(walk.subList(0, 100), walk.subList(100, 200));
        assertEquals(
                seenWordSentences,
                walk.subList(0, 100).stream().filter(seenWordSentences::contains).toList());
        assertEquals(
                unseenWordSentences,
                walk.subList(0, 100).stream().filter(unseenWordSentences::contains).toList());
        for (int from = 0; from < 100; from += 5) {
            List<String> five = walk.subList(from, from + 5);
            assertEquals(2, five.stream().filter(unseenWordSentences::contains).count());
        }
        assertFalse(world.seen().stream().anyMatch(walk::contains));
    }

    private List<String> all() {
        List<String> all = new ArrayList<>(world.seen());
        all.addAll(seenWordSentences);
        all.addAll(unseenWordSentences);
        return all;
    }

    private static Set<String> words(List<String> sentences) {
        Set<String> words = new HashSet<>();
        sentences.forEach(sentence -> words.addAll(List.of(sentence.split(" "))));
        return words;
    }
}
