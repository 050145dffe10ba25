package io.fluxfoam.evaluator.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the tensors of some frames, for the meters that need more than one. */
final class BlockMean {
    private final int frames;
    private final double[] sum;
    private final List<Signature> signatures = new ArrayList<>();

    BlockMean(int frames, int length) {
        this.frames = frames;
        sum = new double[length];
    }

    /** Takes a frame; whether the block is full. Its figures are then asked for before the next. */
    boolean add(double[] tensor, Signature signature) {
        if (signatures.size() == frames) {
            signatures.clear();
            Arrays.fill(sum, 0);
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += tensor[i];
        }
        signatures.add(signature);
        return signatures.size() == frames;
    }

    /** Mean square of the mean over the block. */
    double meanSquare() {
        double square = 0;
        for (double each : sum) {
            square += each * each;
        }
        return square / ((double) frames * frames * sum.length);
    }

    /**
     * How many directions the block's signatures fill, 1 to their number: the participation ratio
     * of their Gram matrix, {@code tr(K)^2 / |K|^2}.
     */
    double directions() {
        double trace = 0;
        double square = 0;
        for (Signature a : signatures) {
            trace += a.cosine(a);
            for (Signature b : signatures) {
                double product = a.cosine(b);
                square += product * product;
            }
        }
        return square > 0 ? trace * trace / square : 0;
    }
}
