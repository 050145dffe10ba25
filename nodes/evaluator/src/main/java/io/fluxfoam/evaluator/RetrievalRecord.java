package io.fluxfoam.evaluator;

import io.fluxfoam.distill.Candidates;

/**
 * What an evaluation found so far.
 *
 * @param text of the candidates; the figures mean nothing for others
 * @param frames judged
 */
record RetrievalRecord(
        String text,
        long frames,
        Retrieval seenWords,
        Retrieval unseenWords,
        Retrieval pictureOnly) {
    /**
     * @throws IllegalArgumentException if the figures are not about the text's sentences
     */
    RetrievalRecord {
        Candidates candidates = Candidates.parse(text);
        int seen = candidates.seenWords().size();
        int unseen = candidates.unseenWords().size();
        if (seenWords.candidates() != seen
                || pictureOnly.candidates() != seen
                || unseenWords.candidates() != unseen) {
            throw new IllegalArgumentException(
                    "figures of other candidates: seen="
                            + seenWords.candidates()
                            + " pictureOnly="
                            + pictureOnly.candidates()
                            + " unseen="
                            + unseenWords.candidates()
                            + " in text="
                            + seen
                            + " and "
                            + unseen);
        }
    }
}
