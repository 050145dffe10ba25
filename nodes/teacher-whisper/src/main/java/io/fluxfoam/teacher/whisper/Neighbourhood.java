package io.fluxfoam.teacher.whisper;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sentences that differ from one in a single word: at each place each word that a trained
 * caption of as many words has there. Bounded, and where there are more, the first.
 */
final class Neighbourhood {
    private static final int MOST_WORDS = 32;
    private static final int MOST_OF_A_PLACE = 64;
    private static final int MOST = 128;

    private final Map<Integer, List<Set<String>>> places = new HashMap<>();

    private static String[] words(String caption) {
        return caption.strip().split("\\s+");
    }

    /** Takes the words of a trained caption. */
    void add(String caption) {
        String[] words = words(caption);
        if (words.length > MOST_WORDS) {
            return;
        }
        List<Set<String>> ofLength =
                places.computeIfAbsent(words.length, length -> new ArrayList<>());
        for (int i = 0; i < words.length; i++) {
            if (ofLength.size() == i) {
                ofLength.add(new LinkedHashSet<>());
            }
            if (ofLength.get(i).size() < MOST_OF_A_PLACE) {
                ofLength.get(i).add(words[i]);
            }
        }
    }

    /** The neighbours of a caption, as far as the words are known by now. */
    List<String> of(String caption) {
        String[] words = words(caption);
        List<Set<String>> ofLength = places.getOrDefault(words.length, List.of());
        List<String> neighbours = new ArrayList<>();
        for (int i = 0; i < ofLength.size(); i++) {
            for (String word : ofLength.get(i)) {
                if (!word.equals(words[i]) && neighbours.size() < MOST) {
                    String[] other = Arrays.copyOf(words, words.length);
                    other[i] = word;
                    neighbours.add(String.join(" ", other));
                }
            }
        }
        return neighbours;
    }
}
