package io.fluxfoam.evaluator;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How often the sentence of a frame is the nearest one to what the student predicted, among a fixed
 * set of candidates. The figure covers the last two renderings of every candidate and is not there
 * before each has two, so all count the same.
 */
final class Retrieval {
    private static final int RENDERINGS = 2;
    private static final int MAX_CANDIDATES = 1 << 16;

    private final double[][] credits;
    private final int[] added;

    /** No renderings yet of this many candidates. */
    Retrieval(int candidates) {
        credits = new double[candidates][RENDERINGS];
        added = new int[candidates];
    }

    /**
     * What a prediction earns: 1 if the truth is nearer than all others by cosine, 0 if another one
     * is nearer. Ties are shared: among n that are equally near the truth earns 1/n, so that a
     * predictor which always says the mean earns the chance. A prediction that is not finite earns
     * 0.
     */
    static double credit(double[] prediction, double[][] candidates, int truth) {
        double own = Cosine.of(prediction, candidates[truth]);
        if (Double.isNaN(own)) {
            return 0;
        }
        int tied = 0;
        for (double[] candidate : candidates) {
            double cosine = Cosine.of(prediction, candidate);
            if (cosine > own) {
                return 0;
            }
            tied += cosine == own ? 1 : 0;
        }
        return 1.0 / tied;
    }

    /**
     * Counts a rendering of a candidate; the one before the last of this candidate no longer
     * counts.
     */
    void add(int candidate, double credit) {
        credits[candidate][added[candidate]++ % RENDERINGS] = credit;
    }

    /**
     * Writes how many candidates, then of each how many renderings were added and what the last two
     * earned.
     */
    void writeTo(DataOutput out) throws IOException {
        out.writeInt(credits.length);
        for (int i = 0; i < credits.length; i++) {
            out.writeInt(added[i]);
            for (double credit : credits[i]) {
                out.writeDouble(credit);
            }
        }
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IOException if it cannot have been
     */
    static Retrieval readFrom(DataInput in) throws IOException {
        int candidates = in.readInt();
        if (candidates < 0 || candidates > MAX_CANDIDATES) {
            throw new IOException("candidates=" + candidates + " limit=" + MAX_CANDIDATES);
        }
        Retrieval retrieval = new Retrieval(candidates);
        for (int i = 0; i < candidates; i++) {
            retrieval.added[i] = in.readInt();
            for (int r = 0; r < RENDERINGS; r++) {
                double credit = in.readDouble();
                if (retrieval.added[i] < 0 || !(credit >= 0 && credit <= 1)) {
                    throw new IOException(
                            "candidate="
                                    + i
                                    + " added="
                                    + retrieval.added[i]
                                    + " credit="
                                    + credit);
                }
                retrieval.credits[i][r] = credit;
            }
        }
        return retrieval;
    }

    /**
     * Share of the covered renderings that were retrieved, 0 to 1; NaN until every candidate has
     * two.
     */
    double top1() {
        if (frames() < RENDERINGS * credits.length || credits.length == 0) {
            return Double.NaN;
        }
        return Arrays.stream(credits).flatMapToDouble(Arrays::stream).sum() / frames();
    }

    /** How many renderings the figure covers so far. */
    int frames() {
        return Arrays.stream(added).map(count -> Math.min(count, RENDERINGS)).sum();
    }

    /** How many candidates there are. */
    int candidates() {
        return credits.length;
    }

    /** What guessing, or always saying the mean, earns. */
    double chance() {
        return credits.length == 0 ? Double.NaN : 1.0 / credits.length;
    }
}
