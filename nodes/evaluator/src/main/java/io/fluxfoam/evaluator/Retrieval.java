package io.fluxfoam.evaluator;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * How often the sentence of a frame is the nearest one to what the student predicted, among a fixed
 * set of candidates. The figure covers the last two renderings of every candidate; of more than 100
 * candidates those of them that are among the newest 200 frames, so that it is there before all had
 * their turn and says what the student is like now. It is not there before it covers that many, and
 * all candidates that it covers count the same.
 */
final class Retrieval {
    private static final int RENDERINGS = 2;
    private static final int MAX_FRAMES = 200;
    private static final int MAX_CANDIDATES = 1 << 16;

    private final int[] covered;
    private final int limit;
    private final ArrayDeque<Rendering> renderings = new ArrayDeque<>();

    /** What a prediction of one of the candidate's frames has earned. */
    private record Rendering(int candidate, double credit) {}

    /** No renderings yet of this many candidates. */
    Retrieval(int candidates) {
        covered = new int[candidates];
        limit = Math.min(RENDERINGS * candidates, MAX_FRAMES);
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

    /** Counts a rendering of a candidate; what it no longer covers then no longer counts. */
    void add(int candidate, double credit) {
        if (covered[candidate] == RENDERINGS) {
            leaveOutOldestOf(candidate);
        } else if (renderings.size() == limit) {
            covered[renderings.removeFirst().candidate()]--;
        }
        renderings.addLast(new Rendering(candidate, credit));
        covered[candidate]++;
    }

    private void leaveOutOldestOf(int candidate) {
        Iterator<Rendering> oldestFirst = renderings.iterator();
        while (oldestFirst.next().candidate() != candidate) {
            // goes on
        }
        oldestFirst.remove();
        covered[candidate]--;
    }

    /**
     * Writes how many candidates and renderings, then of each rendering, oldest first, whose it is
     * and what it earned.
     */
    void writeTo(DataOutput out) throws IOException {
        out.writeInt(covered.length);
        out.writeInt(renderings.size());
        for (Rendering rendering : renderings) {
            out.writeInt(rendering.candidate());
            out.writeDouble(rendering.credit());
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
        int count = in.readInt();
        if (count < 0 || count > retrieval.limit) {
            throw new IOException("renderings=" + count + " limit=" + retrieval.limit);
        }
        for (int i = 0; i < count; i++) {
            int candidate = in.readInt();
            double credit = in.readDouble();
            if (candidate < 0 || candidate >= candidates || !(credit >= 0 && credit <= 1)) {
                throw new IOException("candidate=" + candidate + " credit=" + credit);
            }
            retrieval.add(candidate, credit);
        }
        return retrieval;
    }

    /** Share of the covered renderings that were retrieved, 0 to 1; NaN until they are enough. */
    double top1() {
        if (renderings.isEmpty() || renderings.size() < limit) {
            return Double.NaN;
        }
        double sum = 0;
        double candidates = 0;
        for (Rendering rendering : renderings) {
            double share = 1.0 / covered[rendering.candidate()];
            sum += share * rendering.credit();
            candidates += share;
        }
        return sum / candidates;
    }

    /** How many renderings the figure covers so far. */
    int frames() {
        return renderings.size();
    }

    /** How many candidates there are. */
    int candidates() {
        return covered.length;
    }

    /** What guessing, or always saying the mean, earns. */
    double chance() {
        return covered.length == 0 ? Double.NaN : 1.0 / covered.length;
    }
}
