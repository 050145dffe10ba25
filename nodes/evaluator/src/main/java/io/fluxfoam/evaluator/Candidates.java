package io.fluxfoam.evaluator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The held-out sentences in the order in which their embeddings are published: those that combine seen words anew, then
 * those with a word that no TRAIN frame shows.
 *
 * @param sentences all sentences
 * @param seenWords how many of them combine seen words
 */
record Candidates(List<String> sentences, int seenWords) {
    static final Candidates NONE = new Candidates(List.of(), 0);

    Candidates {
        sentences = List.copyOf(sentences);
    }

    /**
     * Reads {@code seen<TAB>sentence} lines followed by {@code unseen<TAB>sentence} lines.
     *
     * @throws IllegalArgumentException if a line is neither, stands in the wrong half or repeats a sentence
     */
    static Candidates parse(String text) {
        List<String> sentences = new ArrayList<>();
        int seenWords = 0;
        for (String line : text.lines().toList()) {
            String sentence;
            if (line.startsWith("seen\t") && seenWords == sentences.size()) {
                sentence = line.substring("seen\t".length());
                seenWords++;
            } else if (line.startsWith("unseen\t")) {
                sentence = line.substring("unseen\t".length());
            } else {
                throw new IllegalArgumentException("bad line of candidates: number=" + (sentences.size() + 1) + " " + line);
            }
            if (sentences.contains(sentence)) {
                throw new IllegalArgumentException("candidate stands twice: " + sentence);
            }
            sentences.add(sentence);
        }
        return new Candidates(sentences, seenWords);
    }

    /** Position of each sentence. */
    Map<String, Integer> positions() {
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < sentences.size(); i++) {
            positions.put(sentences.get(i), i);
        }
        return positions;
    }

    /** How many sentences have a word that no TRAIN frame shows. */
    int unseenWords() {
        return sentences.size() - seenWords;
    }
}
