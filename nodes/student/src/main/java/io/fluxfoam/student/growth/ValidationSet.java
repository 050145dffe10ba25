package io.fluxfoam.student.growth;

import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.train.BatchAssembler;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.tensor.FrameNumber;

import java.lang.foreign.Arena;

/**
 * Moments that a student that may grow is not trained on: one TRAIN frame in eight, by a rule that
 * knows its number alone, so that it is the same one in every life. By them two students are
 * compared: by what both have been trained on, the wider one would win by learning it by heart.
 * (HOLDOUT frames will not do, since the student sees no teacher's tensor of them.) Belongs to the
 * trainer's thread.
 */
public final class ValidationSet implements Growth.Validation {
    private static final int ONE_IN_BITS = 3;
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int BATCH = 16;
    private static final int LEAST_MOMENTS = 2 * BATCH;

    private final MomentArena moments;
    private final BatchAssembler assembly;
    private final Moment[] pinned = new Moment[BATCH];

    /**
     * Among these moments.
     *
     * @param memory what batches live in
     */
    public ValidationSet(Arena memory, Learner learner, MomentArena moments) {
        this.moments = moments;
        assembly = new BatchAssembler(memory, learner, moments, BATCH, false);
    }

    /** Whether this frame is one of them. */
    public static boolean isOne(long frameNumber) {
        return FrameNumber.counter(frameNumber) * MIX >>> Long.SIZE - ONE_IN_BITS == 0;
    }

    @Override
    public boolean isReady() {
        int count = 0;
        for (int row = 0; row < moments.rowsUsed(); row++) {
            Moment moment = moments.moment(row);
            if (pinOne(moment)) {
                moment.unpin();
                count++;
            }
        }
        return count >= LEAST_MOMENTS;
    }

    private static boolean pinOne(Moment moment) {
        if (!moment.pinTrainable()) {
            return false;
        }
        boolean isOne = isOne(moment.frameNumber());
        if (!isOne) {
            moment.unpin();
        }
        return isOne;
    }

    /** What does not fill a batch is left out. */
    @Override
    public double gain(StudentNet narrow, StudentNet wider) {
        double narrows = 0;
        double widers = 0;
        int count = 0;
        for (int row = 0; row < moments.rowsUsed(); row++) {
            Moment moment = moments.moment(row);
            if (pinOne(moment)) {
                pinned[count++] = moment;
            }
            if (count == BATCH) {
                assemble();
                count = 0;
                if (!assembly.terms().isEmpty()) {
                    narrows += narrow.distance(assembly.batch(), assembly.terms());
                    widers += wider.distance(assembly.batch(), assembly.terms());
                }
            }
        }
        for (int i = 0; i < count; i++) {
            pinned[i].unpin();
        }
        return 1 - widers / narrows;
    }

    private void assemble() {
        for (int row = 0; row < BATCH; row++) {
            assembly.plain(row, pinned[row]);
        }
        assembly.targets(pinned);
        for (Moment moment : pinned) {
            moment.unpin();
        }
    }
}
