package io.fluxfoam.evaluator.gold;

import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.Standardizer;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.ToDoubleFunction;

/**
 * Whether a teacher still says what it used to, by HOLDOUT frames alone, eight at a time, against
 * the last 64 that were as usual. Two questions are asked of a block: how far the student is from
 * what was said, and how many of the last 64 it would rather have believed to be said. The second
 * needs no yardstick: of what belongs to some other frame it is half of them, whatever the scale.
 * Slower than any meter of a panel, and never asked by one.
 */
final class HeldOutTruth {
    /** Frames that are looked at together. */
    private static final int BLOCK = 8;

    private static final int USUAL = 64;
    private static final int ENOUGH = 3 * BLOCK;

    /** Deviations of single frames by which a block's median distance has changed, or has not. */
    private static final double FARTHER = 2;

    private static final double AS_FAR = 1;

    /** Of a teacher of which the student would mostly believe something else, nothing is known. */
    private static final double LEARNED = .3;

    private static final double BY_CHANCE = .5;

    /** How much of the way from what is usual to chance has changed, or has not. */
    private static final double CHANGED = .5;

    private static final double UNCHANGED = .25;
    private static final double LEAST_DEVIATION = .02;
    private static final double NORMAL = 1.4826; // standard deviation over median deviation
    private static final double LEAST = 1e-9; // of what a logarithm is taken of

    private final int length;
    private final int dim;
    private final Standardizer first;
    private final Deque<Frame> usual = new ArrayDeque<>();
    private final Frame[] block = new Frame[BLOCK];
    private int count;
    private @Nullable RegionScaling scaling;

    /** What a block says. */
    enum Finding {
        AS_USUAL,
        CHANGED,
        UNKNOWN
    }

    /**
     * A frame.
     *
     * @param truth what was said of it, standardised
     * @param distance log of the mean squared distance of the prediction from that
     * @param rather share of the usual frames that are nearer to the prediction
     */
    private record Frame(double[] truth, double distance, double rather) {}

    /** Nothing is known yet of tensors of this shape. */
    HeldOutTruth(int length, int dim) {
        this.length = length;
        this.dim = dim;
        first = new Standardizer(dim);
    }

    /** Whether it was made for such tensors. */
    boolean fits(int otherLength, int otherDim) {
        return length == otherLength && dim == otherDim;
    }

    /**
     * Takes a frame; values are in the teacher's units.
     *
     * @return what a block says that has become whole by it; null if none has
     */
    @Nullable Finding add(float[] predicted, float[] said) {
        RegionScaling known = scaling;
        if (known == null) {
            if (first.collect(MemorySegment.ofArray(said))) {
                scaling = first.statistics().scaling();
            }
            return null;
        }
        double[] truth = known.standardize(said);
        double[] guess = known.standardize(predicted);
        double distance = meanSquare(guess, truth);
        if (!Double.isFinite(distance)) {
            return null; // what is no number is the panel's to find
        }
        block[count++] =
                new Frame(truth, Math.log(Math.max(LEAST, distance)), rather(guess, distance));
        if (count < BLOCK) {
            return null;
        }
        count = 0;
        return find();
    }

    private double rather(double[] guess, double distance) {
        double nearer = 0;
        for (Frame frame : usual) {
            double other = meanSquare(guess, frame.truth());
            nearer += other < distance ? 1 : other == distance ? .5 : 0;
        }
        return usual.isEmpty() ? BY_CHANCE : nearer / usual.size();
    }

    private static double meanSquare(double[] values, double[] others) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = values[i] - others[i];
            sum += difference * difference;
        }
        return sum / values.length;
    }

    private Finding find() {
        double usually = usual.stream().mapToDouble(Frame::rather).average().orElse(BY_CHANCE);
        if (usual.size() < ENOUGH || usually > LEARNED) {
            admit();
            return Finding.UNKNOWN;
        }
        double now = Arrays.stream(block).mapToDouble(Frame::rather).average().orElseThrow();
        double towardsChance = (now - usually) / (BY_CHANCE - usually);
        double farther = farther();
        if (towardsChance > CHANGED || farther > FARTHER) {
            return Finding.CHANGED;
        }
        if (towardsChance < UNCHANGED && farther < AS_FAR) {
            admit();
            return Finding.AS_USUAL;
        }
        return Finding.UNKNOWN;
    }

    /** By how many deviations of single frames the block's median distance lies above the usual. */
    private double farther() {
        double[] known = values(usual.toArray(Frame[]::new), Frame::distance);
        double median = median(known);
        double deviation = NORMAL * median(values(known, median));
        return (median(values(block, Frame::distance)) - median)
                / Math.max(LEAST_DEVIATION, deviation);
    }

    private static double[] values(Frame[] frames, ToDoubleFunction<Frame> value) {
        return Arrays.stream(frames).mapToDouble(value).toArray();
    }

    private static double[] values(double[] known, double median) {
        return Arrays.stream(known).map(value -> Math.abs(value - median)).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private void admit() {
        for (Frame frame : block) {
            usual.add(frame);
            if (usual.size() > USUAL) {
                usual.remove();
            }
        }
    }

    /** What is usual is learned anew. */
    void forget() {
        usual.clear();
    }
}
