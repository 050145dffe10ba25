package io.fluxfoam.student.train;

import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;

/**
 * A fault for tests of the evaluator's audit: puts one HOLDOUT frame into one training batch, and
 * says so in the step's record as an honest student would. Belongs to the trainer's thread.
 */
public final class HoldoutFault {
    /** No fault. */
    public static final HoldoutFault NONE = new HoldoutFault(null);

    private MomentArena holdout;

    /** Armed with the held-out moments to take one from. */
    public HoldoutFault(MomentArena holdout) {
        this.holdout = holdout;
    }

    /**
     * Once there is a complete HOLDOUT moment, exchanges the inputs of the batch's first row for
     * its own, one single time.
     */
    void tamper(BatchAssembler assembly, StepRecord record) {
        for (int row = 0; holdout != null && row < holdout.rowsUsed(); row++) {
            Moment moment = holdout.moment(row);
            if (moment.pinComplete()) {
                assembly.foreign(0, holdout, moment);
                record.frames()[0] = moment.frameNumber();
                moment.unpin();
                holdout = null;
            }
        }
    }
}
