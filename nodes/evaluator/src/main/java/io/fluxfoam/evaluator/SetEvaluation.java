package io.fluxfoam.evaluator;

import io.fluxfoam.distill.CandidateSet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One set of candidates: its figures, and what a frame's own caption is told from. */
final class SetEvaluation {
    private final CandidateSet set;
    private final SetScores scores;
    private final NeighbourScores neighbours;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final int[] rows;
    private double[][] candidates = new double[0][];

    /**
     * @param scores to go on with
     * @param captions of all sets, in the order of their embeddings
     */
    SetEvaluation(CandidateSet set, SetScores scores, List<String> captions) {
        this.set = set;
        this.scores = scores;
        neighbours = new NeighbourScores(set.captions().size());
        Map<String, Integer> rowOf = new HashMap<>();
        captions.forEach(caption -> rowOf.put(caption, rowOf.size()));
        set.captions().forEach(caption -> indexes.put(caption, indexes.size()));
        rows = set.captions().stream().mapToInt(rowOf::get).toArray();
    }

    /** Takes the standardised embeddings of all sets' captions. */
    void embeddings(double[][] all) {
        candidates = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            candidates[i] = all[rows[i]];
        }
    }

    /** Judges a frame of this caption, one of the set's. */
    void judge(String caption, double[][] views) {
        scores.add(views, candidates, index(caption));
    }

    /** Whether the caption is a candidate. */
    boolean has(String caption) {
        return indexes.containsKey(caption);
    }

    /** Which candidate the caption is. */
    int index(String caption) {
        return Objects.requireNonNull(indexes.get(caption));
    }

    CandidateSet set() {
        return set;
    }

    SetScores scores() {
        return scores;
    }

    /** What the pictures that were trained on earn beside it, in this life of the evaluator. */
    NeighbourScores neighbours() {
        return neighbours;
    }
}
