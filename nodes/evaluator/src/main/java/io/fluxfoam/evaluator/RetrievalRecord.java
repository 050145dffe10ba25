package io.fluxfoam.evaluator;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;

import java.util.List;

/**
 * What an evaluation found so far.
 *
 * @param text of the candidates; the figures mean nothing for others
 * @param frames judged
 * @param scores of the text's sets, in their order
 */
record RetrievalRecord(String text, long frames, List<SetScores> scores) {
    /**
     * @throws IllegalArgumentException if the figures are not about the text's sets
     */
    RetrievalRecord {
        scores = List.copyOf(scores);
        List<CandidateSet> sets = Candidates.parse(text).sets();
        boolean fit = scores.size() == sets.size();
        for (int i = 0; fit && i < sets.size(); i++) {
            fit = scores.get(i).fit(sets.get(i));
        }
        if (!fit) {
            throw new IllegalArgumentException(
                    "figures of other candidates: sets=" + scores.size() + " in text=" + sets);
        }
    }
}
