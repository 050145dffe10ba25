package io.fluxfoam.student;

/**
 * What the trainer tells the duty cycle of itself, for the counters. Written by the trainer, read
 * by anyone.
 */
final class Progress {
    private static final double LOSS_SHARE = .03;

    private volatile long step;
    private volatile long savedStep;
    private volatile long stepsThisLife;
    private volatile long samplesThisLife;
    private volatile long refusedSteps;
    private volatile long failedSaves;
    private volatile double loss = Double.NaN;
    private volatile long parameters;

    /** Trainer: goes on from a checkpoint. */
    void resume(long fromStep, double fromLoss) {
        step = fromStep;
        savedStep = fromStep;
        loss = fromLoss;
    }

    /** Trainer: a step was taken. */
    void stepped(double batchLoss, int samples) {
        double before = loss;
        loss = Double.isNaN(before) ? batchLoss : before + LOSS_SHARE * (batchLoss - before);
        samplesThisLife = samplesThisLife + samples;
        stepsThisLife = stepsThisLife + 1;
        step = step + 1;
    }

    /** Trainer: a step was not taken because loss or gradient were not finite. */
    void refused() {
        refusedSteps = refusedSteps + 1;
    }

    /** Trainer: a checkpoint of this step is durable. */
    void saved(long atStep) {
        savedStep = atStep;
    }

    /** Trainer: a checkpoint could not be made durable. */
    void saveFailed() {
        failedSaves = failedSaves + 1;
    }

    /** Trainer: the network has this many parameters. */
    void parameters(long count) {
        parameters = count;
    }

    /** Steps taken, over all lives. */
    long step() {
        return step;
    }

    /** Step of the newest durable checkpoint; 0 if there is none. */
    long savedStep() {
        return savedStep;
    }

    /** Steps taken since this process started. */
    long stepsThisLife() {
        return stepsThisLife;
    }

    /** Samples trained on since this process started. */
    long samplesThisLife() {
        return samplesThisLife;
    }

    /** Steps refused since this process started. */
    long refusedSteps() {
        return refusedSteps;
    }

    /** Checkpoints since this process started that could not be made durable. */
    long failedSaves() {
        return failedSaves;
    }

    /** Moving average of the loss; NaN before the first step. */
    double loss() {
        return loss;
    }

    /** Parameters of the network. */
    long parameters() {
        return parameters;
    }
}
