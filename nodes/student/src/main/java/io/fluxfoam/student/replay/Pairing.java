package io.fluxfoam.student.replay;

import io.fluxfoam.distill.HoldoutRule;

/** Which frame learns from the targets of a frame. */
public enum Pairing {
    /** The frame itself. */
    TRUE {
        @Override
        long partner(long frameNumber) {
            return frameNumber;
        }
    },
    /**
     * The TRAIN frame after it, which shows another sentence: a control that can learn nothing but
     * the mean.
     */
    PLACEBO {
        @Override
        long partner(long frameNumber) {
            long next = frameNumber + 1;
            return HoldoutRule.isHoldout(next) ? next + 1 : next;
        }
    };

    /** The TRAIN frame that gets the targets of this TRAIN frame. */
    abstract long partner(long frameNumber);
}
