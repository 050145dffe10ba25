package io.fluxfoam.evaluator;

/** Which share of a set's newest utterances one ear heard as what they were to say. */
final class SpokenScores {
    private final NewestMean ofSet = new NewestMean();
    private final NewestMean ofAll = new NewestMean();
    private final NewestMean ofNeighbours = new NewestMean();

    /**
     * Counts an utterance.
     *
     * @param amongSet what it earned among the captions of its set
     * @param amongAll what it earned among all that were ever read
     * @param amongNeighbours what it earned among those that differ in one word; NaN if nobody
     *     knows
     */
    void add(double amongSet, double amongAll, double amongNeighbours) {
        ofSet.add(amongSet);
        ofAll.add(amongAll);
        ofNeighbours.add(amongNeighbours);
    }

    /** Share heard right among the set's captions; NaN until there are enough. */
    double spoken() {
        return ofSet.get();
    }

    /** Share heard right among all captions. */
    double spokenOfAll() {
        return ofAll.get();
    }

    /** Share heard right among the captions that differ in one word. */
    double spokenExactly() {
        return ofNeighbours.get();
    }
}
