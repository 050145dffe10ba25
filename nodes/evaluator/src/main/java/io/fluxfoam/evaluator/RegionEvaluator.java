package io.fluxfoam.evaluator;

import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;

/**
 * Joins the student's predictions of one teacher's region with what the teacher said of the same
 * HOLDOUT frames.
 */
final class RegionEvaluator {
    private static final int WINDOW_FRAMES = 200;
    private static final int MAX_PENDING = 64;

    private final Region region;
    private final Pairs pairs;
    private final RegionScore score;
    private final FrameJoin<float[]> predictions = new FrameJoin<>(MAX_PENDING);
    private final FrameJoin<float[]> truths = new FrameJoin<>(MAX_PENDING);

    /** Is told of each held-out frame that has come from both sides, in the teacher's units. */
    @FunctionalInterface
    interface Pairs {
        void pair(Region region, float[] predicted, float[] truth);
    }

    /** No frames yet. */
    RegionEvaluator(Region region, Pairs pairs) {
        this.region = region;
        this.pairs = pairs;
        this.score = new RegionScore(region.dim(), WINDOW_FRAMES);
    }

    /** Takes a prediction in the teacher's units; returns whether a frame was judged by it. */
    boolean prediction(long frameNumber, float[] values, RegionScaling scaling) {
        float[] truth = truths.take(frameNumber);
        if (truth == null) {
            predictions.put(frameNumber, values);
            return false;
        }
        return judge(values, truth, scaling);
    }

    /**
     * Takes the teacher's tensor of a frame; returns whether a frame was judged by it.
     *
     * @throws IllegalArgumentException if it is not as long as the region
     */
    boolean truth(long frameNumber, float[] values, RegionScaling scaling) {
        if (values.length != region.length()) {
            throw new IllegalArgumentException(
                    "tensor does not fit its region: floats="
                            + values.length
                            + " region="
                            + region);
        }
        float[] prediction = predictions.take(frameNumber);
        if (prediction == null) {
            truths.put(frameNumber, values);
            return false;
        }
        return judge(prediction, values, scaling);
    }

    private boolean judge(float[] prediction, float[] truth, RegionScaling scaling) {
        pairs.pair(region, prediction, truth);
        return score.add(scaling.standardize(prediction), scaling.standardize(truth));
    }

    Region region() {
        return region;
    }

    /** How near the student is. */
    RegionScore score() {
        return score;
    }
}
