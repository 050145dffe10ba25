package io.fluxfoam.student.train;

import io.fluxfoam.distill.Width;
import io.fluxfoam.student.net.UnitRenewal;

/**
 * What the trainer tells the duty cycle of itself, for the counters. Written by the trainer, read
 * by anyone.
 */
public final class Progress {
    private static final double LOSS_SHARE = .03;

    private volatile long step;
    private volatile long savedStep;
    private volatile long stepsThisLife;
    private volatile long samplesThisLife;
    private volatile long refusedSteps;
    private volatile long failedSaves;
    private volatile double loss = Double.NaN;
    private volatile long parameters;
    private volatile double width = Double.NaN;
    private volatile boolean trying;
    private volatile long growths;
    private volatile long refusedGrowths;
    private volatile Verdict verdict;
    private volatile long renewedUnits = -1;
    private volatile long deadUnits;

    /**
     * What came of a trial of a wider student.
     *
     * @param step after which it ended
     * @param from width of the student there was
     * @param to width of the one that was tried
     * @param gain by what share the wider one was closer to the targets
     * @param grown whether it took the other's place
     */
    public record Verdict(long step, Width from, Width to, double gain, boolean grown) {}

    /** Trainer: goes on from a checkpoint. */
    public void resume(long fromStep, double fromLoss) {
        step = fromStep;
        savedStep = fromStep;
        loss = fromLoss;
    }

    /** Trainer: a step was taken. */
    public void stepped(double batchLoss, int samples) {
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
    public void saved(long atStep) {
        savedStep = atStep;
    }

    /** Trainer: a checkpoint could not be made durable. */
    public void saveFailed() {
        failedSaves = failedSaves + 1;
    }

    /** Trainer: the network is of this size. */
    void size(Width ofChannels, long ofParameters) {
        width = ofChannels.share();
        parameters = ofParameters;
    }

    /** Trainer: how many units began anew, and how many say next to nothing. */
    void units(UnitRenewal renewal) {
        renewedUnits = renewal.renewed();
        deadUnits = renewal.dead();
    }

    /** Trainer: whether a wider student learns beside this one. */
    public void trying(boolean isTrying) {
        trying = isTrying;
    }

    /** Trainer: the student became wider. */
    public void grew(Width from, Width to, double gain) {
        growths = growths + 1;
        verdict = new Verdict(step, from, to, gain, true);
    }

    /** Trainer: a wider student was no better. */
    public void refusedGrowth(Width from, Width to, double gain) {
        refusedGrowths = refusedGrowths + 1;
        verdict = new Verdict(step, from, to, gain, false);
    }

    /** Steps taken, over all lives. */
    public long step() {
        return step;
    }

    /** Step of the newest durable checkpoint; 0 if there is none. */
    public long savedStep() {
        return savedStep;
    }

    /** Steps taken since this process started. */
    public long stepsThisLife() {
        return stepsThisLife;
    }

    /** Samples trained on since this process started. */
    public long samplesThisLife() {
        return samplesThisLife;
    }

    /** Steps refused since this process started. */
    public long refusedSteps() {
        return refusedSteps;
    }

    /** Checkpoints since this process started that could not be made durable. */
    public long failedSaves() {
        return failedSaves;
    }

    /** Moving average of the loss; NaN before the first step. */
    public double loss() {
        return loss;
    }

    /** Whether a wider student learns beside this one, to be compared with it. */
    public boolean trying() {
        return trying;
    }

    /** How often the student became wider since this process started. */
    public long growths() {
        return growths;
    }

    /** Trials since this process started in which a wider student was no better. */
    public long refusedGrowths() {
        return refusedGrowths;
    }

    /** The last trial's; null before the first. */
    public Verdict verdict() {
        return verdict;
    }

    /** Units that began anew since this process started; less than 0 if they never do. */
    public long renewedUnits() {
        return renewedUnits;
    }

    /** Units that say next to nothing. */
    public long deadUnits() {
        return deadUnits;
    }

    /** Width of the network; NaN before there is one. */
    public double width() {
        return width;
    }

    /** Parameters of the network. */
    public long parameters() {
        return parameters;
    }
}
