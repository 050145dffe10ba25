package io.fluxfoam.student.train;

import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.StudentNet;

import java.util.List;

/** Sits beside the trainer, on its thread: sees each step, and keeps moments for itself. */
public interface TrainingListener {
    /** Whether a moment of this TRAIN frame must not be trained on. */
    boolean holdsBack(long frameNumber);

    /**
     * After each step that was applied.
     *
     * @param batch the inputs
     * @param terms the targets
     * @param distance mean distance to the targets before the step
     */
    void stepped(Batch batch, List<StudentNet.Term> terms, double distance);
}
