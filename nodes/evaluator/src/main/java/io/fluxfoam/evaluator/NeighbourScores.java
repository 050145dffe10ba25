package io.fluxfoam.evaluator;

/**
 * What the nearest trained picture earns on one set's frames.
 *
 * @param grey by its grey pixels
 * @param colour by its pixels' colours
 */
record NeighbourScores(Retrieval grey, Retrieval colour) {
    /** No frames yet of this many candidates. */
    NeighbourScores(int candidates) {
        this(new Retrieval(candidates), new Retrieval(candidates));
    }

    void add(int candidate, double greyCredit, double colourCredit) {
        grey.add(candidate, greyCredit);
        colour.add(candidate, colourCredit);
    }
}
