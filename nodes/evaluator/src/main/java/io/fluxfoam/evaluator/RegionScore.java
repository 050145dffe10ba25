package io.fluxfoam.evaluator;

/**
 * How near the predicted region of a teacher is to what the teacher said, over the last HOLDOUT
 * frames. Values are rows (tokens) of {@code dim} values each. Unexplained variance is {@code sum
 * |predicted - z|^2 / sum |z - mean(z)|^2} with the mean of each dimension over all rows of the
 * window: 0 is perfect, 1 is as good as a constant can be.
 */
final class RegionScore {
    private final int dim;
    private final Judged[] window;
    private int next;
    private int frames;

    /** What a frame contributes. */
    private record Judged(int rows, double cosine, double error, double square, double[] sum) {}

    /** No frames yet; at most {@code window} frames count. */
    RegionScore(int dim, int window) {
        this.dim = dim;
        this.window = new Judged[window];
    }

    /**
     * Counts a frame; the oldest no longer counts once the window is full.
     *
     * @param predicted the student's region in standardised space
     * @param truth the teacher's tensor in standardised space
     * @return false if a value is not finite; the frame then does not count
     */
    boolean add(double[] predicted, double[] truth) {
        double error = 0;
        double square = 0;
        double[] sum = new double[dim];
        for (int i = 0; i < truth.length; i++) {
            double difference = predicted[i] - truth[i];
            error += difference * difference;
            square += truth[i] * truth[i];
            sum[i % dim] += truth[i];
        }
        if (!Double.isFinite(error + square)) {
            return false;
        }
        window[next] =
                new Judged(truth.length / dim, Cosine.of(predicted, truth), error, square, sum);
        next = (next + 1) % window.length;
        frames = Math.min(frames + 1, window.length);
        return true;
    }

    /** How many frames count. */
    int frames() {
        return frames;
    }

    /** Mean cosine between prediction and truth in standardised space; NaN without frames. */
    double centredCosine() {
        double sum = 0;
        for (int i = 0; i < frames; i++) {
            sum += window[i].cosine();
        }
        return sum / frames;
    }

    /** Unexplained variance of the student; NaN if the teacher said the same in all frames. */
    double unexplainedVariance() {
        double error = 0;
        for (int i = 0; i < frames; i++) {
            error += window[i].error();
        }
        return ratio(error);
    }

    /**
     * Unexplained variance of a predictor that always says the training mean, over the same frames.
     */
    double constantPredictor() {
        return ratio(square());
    }

    private double ratio(double error) {
        double variance = variance();
        return variance > 0 ? error / variance : Double.NaN;
    }

    private double square() {
        double square = 0;
        for (int i = 0; i < frames; i++) {
            square += window[i].square();
        }
        return square;
    }

    private double variance() {
        double[] sum = new double[dim];
        long rows = 0;
        for (int i = 0; i < frames; i++) {
            rows += window[i].rows();
            for (int d = 0; d < dim; d++) {
                sum[d] += window[i].sum()[d];
            }
        }
        double variance = square();
        for (int d = 0; d < dim; d++) {
            variance -= sum[d] * sum[d] / rows;
        }
        return variance;
    }
}
