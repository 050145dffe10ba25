package io.fluxfoam.evaluator;

import io.fluxfoam.distill.CandidateSet;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What the student earns on one set's frames.
 *
 * @param both from picture and sound
 * @param picture from the picture alone
 * @param sound from the sound alone
 */
record SetScores(Retrieval both, Retrieval picture, Retrieval sound) {
    /** Rows of the student's {@code holdout} tensors. */
    private static final int BOTH = 0;

    private static final int PICTURE = 1;
    private static final int SOUND = 2;
    private static final int VIEWS = 3;

    /** No frames yet of this many candidates. */
    SetScores(int candidates) {
        this(new Retrieval(candidates), new Retrieval(candidates), new Retrieval(candidates));
    }

    /**
     * Counts a frame of a candidate.
     *
     * @param views what was predicted of it, standardised
     * @throws IllegalArgumentException if they are not three
     */
    void add(double[][] views, double[][] candidates, int truth) {
        if (views.length != VIEWS) {
            throw new IllegalArgumentException("views=" + views.length + ", not " + VIEWS);
        }
        both.add(truth, Retrieval.credit(views[BOTH], candidates, truth));
        picture.add(truth, Retrieval.credit(views[PICTURE], candidates, truth));
        sound.add(truth, Retrieval.credit(views[SOUND], candidates, truth));
    }

    /** Whether these may be figures of the set. */
    boolean fit(CandidateSet set) {
        int candidates = set.captions().size();
        return both.candidates() == candidates
                && picture.candidates() == candidates
                && sound.candidates() == candidates;
    }

    void writeTo(DataOutput out) throws IOException {
        both.writeTo(out);
        picture.writeTo(out);
        sound.writeTo(out);
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IOException if it cannot have been
     */
    static SetScores readFrom(DataInput in) throws IOException {
        return new SetScores(
                Retrieval.readFrom(in), Retrieval.readFrom(in), Retrieval.readFrom(in));
    }
}
