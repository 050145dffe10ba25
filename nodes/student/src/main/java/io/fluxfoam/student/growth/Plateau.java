package io.fluxfoam.student.growth;

/**
 * Tells when learning has become slow: the mean distance from the targets over a window of steps is
 * hardly less than over the window before. By itself that says nothing about why.
 */
final class Plateau {
    private final int windowSteps;
    private final double leastImprovement;
    private double before = Double.NaN;
    private double sum;
    private int steps;

    /** Slow is what improves by less than this share from one window to the next. */
    Plateau(int windowSteps, double leastImprovement) {
        this.windowSteps = windowSteps;
        this.leastImprovement = leastImprovement;
    }

    /**
     * Takes the distance of a step; whether a window ended with it that was hardly better than the
     * last.
     */
    boolean stepped(double distance) {
        sum += distance;
        if (++steps < windowSteps) {
            return false;
        }
        double mean = sum / steps;
        boolean isSlow = mean > before * (1 - leastImprovement);
        before = mean;
        sum = 0;
        steps = 0;
        return isSlow;
    }

    /** Forgets everything: what comes now cannot be compared with what was. */
    void reset() {
        before = Double.NaN;
        sum = 0;
        steps = 0;
    }
}
