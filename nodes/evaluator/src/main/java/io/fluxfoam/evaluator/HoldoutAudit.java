package io.fluxfoam.evaluator;

import io.fluxfoam.distill.HoldoutRule;

/**
 * Checks what the student says it trained on against the HOLDOUT rule, which it recomputes for
 * every frame number. Takes the student's steps in their order; steps that never arrived are known
 * by what is missing between two that did.
 *
 * <p>A student that comes back resumes from its last checkpoint: its step numbers then go back, and
 * what it trained after that checkpoint is no longer part of it. That is no miss, whether or not
 * those steps were seen here.
 */
final class HoldoutAudit {
    private Position last;
    private Tally tally;

    /**
     * A step's place.
     *
     * @param incarnation of the student
     * @param sequence of the commit in that incarnation's stream, from 1
     * @param step number of the step, from 1; goes on across incarnations from the checkpoint
     */
    record Position(long incarnation, long sequence, long step) {
        static final Position START = before(0);

        /** Before the first incarnation of a student that may go on from this step. */
        static Position before(long step) {
            return new Position(0, 0, step);
        }

        /**
         * How many steps of the student as it is now lie unseen between an earlier place and this
         * one.
         */
        long missedSince(Position earlier) {
            if (incarnation == earlier.incarnation) {
                return Math.max(0, Math.max(sequence - earlier.sequence, step - earlier.step) - 1);
            }
            long resumedAt = step - sequence;
            return sequence - 1 + Math.max(0, resumedAt - earlier.step);
        }
    }

    /**
     * Frames counted, each as often as it was trained on.
     *
     * @param audited frames checked
     * @param missed frames of steps that were never seen, as many for each as in the batch after
     *     the gap
     * @param onHoldout frames trained on although they are HOLDOUT; must stay 0
     */
    record Tally(long audited, long missed, long onHoldout) {
        static final Tally ZERO = new Tally(0, 0, 0);
    }

    /** An audit that goes on where an earlier one stopped. */
    HoldoutAudit(Position last, Tally tally) {
        this.last = last;
        this.tally = tally;
    }

    /** An audit from the student's first step on. */
    HoldoutAudit() {
        this(Position.START, Tally.ZERO);
    }

    /**
     * Takes a step. One that was taken before, as a restarted evaluator sees it again, changes
     * nothing.
     *
     * @param values the step's number, from 1, and the frame numbers of its batch behind it
     * @return how many of the frames are HOLDOUT
     * @throws IllegalArgumentException if the number is missing or below 1; nothing changes then
     */
    int step(long incarnation, long sequence, long[] values) {
        if (values.length < 1 || values[0] < 1) {
            throw new IllegalArgumentException(
                    "bad step: length="
                            + values.length
                            + (values.length == 0 ? "" : " step=" + values[0]));
        }
        if (incarnation == last.incarnation && sequence <= last.sequence) {
            return 0;
        }
        int onHoldout = 0;
        for (int i = 1; i < values.length; i++) {
            onHoldout += HoldoutRule.isHoldout(values[i]) ? 1 : 0;
        }
        int batch = values.length - 1;
        Position position = new Position(incarnation, sequence, values[0]);
        tally =
                new Tally(
                        tally.audited + batch,
                        tally.missed + position.missedSince(last) * batch,
                        tally.onHoldout + onHoldout);
        last = position;
        return onHoldout;
    }

    /** Place of the last step taken. */
    Position last() {
        return last;
    }

    /** What was counted so far. */
    Tally tally() {
        return tally;
    }
}
