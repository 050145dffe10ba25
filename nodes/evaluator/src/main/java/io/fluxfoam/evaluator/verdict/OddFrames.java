package io.fluxfoam.evaluator.verdict;

/**
 * Finds out when single frames are odd too often: a cumulative sum of the log likelihood ratio of
 * one in twelve being odd against one in fifty (CUSUM of a Bernoulli series; Page 1954).
 */
final class OddFrames {
    private static final double USUALLY = .02;
    private static final double TOO_OFTEN = .08;
    private static final double GAIN = Math.log(TOO_OFTEN / USUALLY);
    private static final double LOSS = Math.log((1 - USUALLY) / (1 - TOO_OFTEN));

    /** Eight odd frames in a row settle it, or one in ten of some hundred and twenty. */
    private static final double DECISION = 10;

    private double sum;

    /** Takes the next frame. */
    void add(boolean isOdd) {
        sum = Math.max(0, isOdd ? sum + GAIN : sum - LOSS);
    }

    /** Whether it is settled. */
    boolean tooMany() {
        return sum >= DECISION;
    }

    /** Forgets what was suspected. */
    void clear() {
        sum = 0;
    }
}
