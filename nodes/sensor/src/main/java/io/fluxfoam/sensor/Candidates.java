package io.fluxfoam.sensor;

import java.util.List;

/**
 * The sentences that a source holds out, in the order in which their embeddings are published:
 * first new combinations of words that TRAIN frames do show, then sentences with one word that they
 * never show.
 */
public record Candidates(List<String> seenWords, List<String> unseenWords) {
    /** A source that holds nothing out. */
    public static final Candidates NONE = new Candidates(List.of(), List.of());

    public Candidates {
        seenWords = List.copyOf(seenWords);
        unseenWords = List.copyOf(unseenWords);
    }

    public boolean isEmpty() {
        return seenWords.isEmpty() && unseenWords.isEmpty();
    }

    /**
     * One line for each sentence, {@code seen<TAB>sentence} lines before {@code
     * unseen<TAB>sentence} lines.
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        seenWords.forEach(sentence -> text.append("seen\t").append(sentence).append('\n'));
        unseenWords.forEach(sentence -> text.append("unseen\t").append(sentence).append('\n'));
        return text.toString();
    }
}
