package io.fluxfoam.evaluator;

import java.util.ArrayDeque;

/**
 * Which share of a set's newest utterances were heard as what they were to say: of the last
 * hundred, and not before there are twenty. The student says few frames, so that to wait for each
 * candidate would take too long.
 */
final class SpokenScores {
    private static final int MOST = 100;
    private static final int LEAST = 20;

    private final ArrayDeque<Double> ofSet = new ArrayDeque<>();
    private final ArrayDeque<Double> ofAll = new ArrayDeque<>();

    /**
     * Counts an utterance.
     *
     * @param amongSet what it earned among the captions of its set
     * @param amongAll what it earned among all that were ever read
     */
    void add(double amongSet, double amongAll) {
        if (ofSet.size() == MOST) {
            ofSet.removeFirst();
            ofAll.removeFirst();
        }
        ofSet.addLast(amongSet);
        ofAll.addLast(amongAll);
    }

    /** Share heard right among the set's captions; NaN until there are enough. */
    double spoken() {
        return share(ofSet);
    }

    /** Share heard right among all captions. */
    double spokenOfAll() {
        return share(ofAll);
    }

    private static double share(ArrayDeque<Double> credits) {
        return credits.size() < LEAST
                ? Double.NaN
                : credits.stream().mapToDouble(credit -> credit).average().orElseThrow();
    }
}
