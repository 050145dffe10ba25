package io.fluxfoam.distill;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sentences that a sensor holds out, in the order in which their embeddings are published:
 * first new combinations of words that TRAIN frames do show, then sentences with one word that they
 * never show. On its way it is UTF-8, one line for each.
 *
 * <pre>
 *   seen TAB sentence
 *   ...
 *   unseen TAB sentence
 * </pre>
 *
 * @param seenWords new combinations of seen words
 * @param unseenWords sentences with a word that no TRAIN frame shows
 */
public record Candidates(List<String> seenWords, List<String> unseenWords) {
    /** Nothing is held out. */
    public static final Candidates NONE = new Candidates(List.of(), List.of());

    private static final String SEEN = "seen\t";
    private static final String UNSEEN = "unseen\t";

    /** Takes copies. */
    public Candidates {
        seenWords = List.copyOf(seenWords);
        unseenWords = List.copyOf(unseenWords);
    }

    /**
     * Reads back what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException if a line is none, stands in the wrong half or repeats a
     *     sentence
     */
    public static Candidates parse(String text) {
        List<String> seen = new ArrayList<>();
        List<String> unseen = new ArrayList<>();
        Set<String> all = new HashSet<>();
        for (String line : text.lines().toList()) {
            boolean isSeen = line.startsWith(SEEN) && unseen.isEmpty();
            if (!isSeen && !line.startsWith(UNSEEN)) {
                throw new IllegalArgumentException(
                        "bad line of candidates: number=" + (all.size() + 1) + " " + line);
            }
            String sentence = line.substring(isSeen ? SEEN.length() : UNSEEN.length());
            if (!all.add(sentence)) {
                throw new IllegalArgumentException("candidate stands twice: " + sentence);
            }
            (isSeen ? seen : unseen).add(sentence);
        }
        return new Candidates(seen, unseen);
    }

    /** One line for each sentence. */
    public String text() {
        StringBuilder text = new StringBuilder();
        seenWords.forEach(sentence -> text.append(SEEN).append(sentence).append('\n'));
        unseenWords.forEach(sentence -> text.append(UNSEEN).append(sentence).append('\n'));
        return text.toString();
    }

    /** All sentences in their order. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>(seenWords);
        sentences.addAll(unseenWords);
        return sentences;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return seenWords.isEmpty() && unseenWords.isEmpty();
    }
}
