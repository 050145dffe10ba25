package io.fluxfoam.sensor.scene;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopCounters;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The sentences of the scenes, "adjective noun preposition the place": 200 that TRAIN frames show,
 * 60 new combinations of the same words and 40 with exactly one word that no TRAIN frame shows. The
 * world is the same in every process and for every {@code --seed}, so that candidates and their
 * embeddings are comparable between runs. Any two of its sentences differ in at least two words:
 * nothing held out is a near copy of something seen.
 */
final class World {
    static final int SEEN = 200;
    static final int UNSEEN_COMBINATIONS = 60;
    static final int UNSEEN_WORDS = 40;

    private static final long SEED = 20_261_122;
    private static final int MIN_DIFFERENT_WORDS = 2;

    private final List<String> seen;
    private final List<String> unseenCombinations;
    private final List<String> unseenWords;
    private final List<String> heldOutWalk;

    World() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<List<String>> all = new ArrayList<>();
        this.seen = draw(all, SEEN, random, false);
        this.unseenCombinations = draw(all, UNSEEN_COMBINATIONS, random, false);
        this.unseenWords = draw(all, UNSEEN_WORDS, random, true);
        this.heldOutWalk = interleave();
    }

    /** The sentences of TRAIN frames. */
    List<String> seen() {
        return seen;
    }

    /** The sentences of HOLDOUT frames. */
    Candidates heldOut() {
        return Candidates.of(
                new CandidateSet(
                        LoopCounters.SEEN_WORDS, HoldoutKind.SENTENCES, unseenCombinations),
                new CandidateSet(LoopCounters.UNSEEN_WORDS, HoldoutKind.SENTENCES, unseenWords));
    }

    /**
     * The sentence of the frame with this counter. HOLDOUT frames walk all held-out sentences in a
     * fixed order, TRAIN frames draw from the seen ones.
     */
    String sentence(long counter, SplittableRandom random) {
        if (HoldoutRule.isHoldout(counter)) {
            return heldOutWalk.get((int) (HoldoutRule.ordinal(counter) % heldOutWalk.size()));
        }
        return seen.get(random.nextInt(seen.size()));
    }

    private static List<String> draw(
            List<List<String>> all, int count, SplittableRandom random, boolean oneUnseenWord) {
        List<String> sentences = new ArrayList<>();
        while (sentences.size() < count) {
            List<String> words = new ArrayList<>();
            for (WordLists.Slot slot : WordLists.SLOTS) {
                words.add(slot.seen().get(random.nextInt(slot.seen().size())));
            }
            if (oneUnseenWord) {
                putUnseenWord(words, sentences.size());
            }
            if (all.stream().allMatch(other -> differences(words, other) >= MIN_DIFFERENT_WORDS)) {
                all.add(words);
                sentences.add(String.format(Locale.ROOT, "%s %s %s the %s", words.toArray()));
            }
        }
        return sentences;
    }

    /**
     * Held-out words take turns over all slots, so that each of them has nearly the same number of
     * sentences.
     */
    private static void putUnseenWord(List<String> words, int turn) {
        int rest = turn % WordLists.SLOTS.stream().mapToInt(slot -> slot.heldOut().size()).sum();
        for (int i = 0; i < words.size(); i++) {
            List<String> heldOut = WordLists.SLOTS.get(i).heldOut();
            if (rest < heldOut.size()) {
                words.set(i, heldOut.get(rest));
                return;
            }
            rest -= heldOut.size();
        }
    }

    private static int differences(List<String> a, List<String> b) {
        int count = 0;
        for (int i = 0; i < a.size(); i++) {
            count += a.get(i).equals(b.get(i)) ? 0 : 1;
        }
        return count;
    }

    /** Spreads the shorter list evenly over the longer one: s u s u s for 60 and 40. */
    private List<String> interleave() {
        List<String> walk = new ArrayList<>();
        int total = unseenCombinations.size() + unseenWords.size();
        int unseenTaken = 0;
        for (int i = 0; i < total; i++) {
            int unseenDue = (i + 1) * unseenWords.size() / total;
            if (unseenDue > unseenTaken) {
                walk.add(unseenWords.get(unseenTaken++));
            } else {
                walk.add(unseenCombinations.get(i - unseenTaken));
            }
        }
        return walk;
    }
}
