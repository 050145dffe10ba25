package io.fluxfoam.student;

import io.fluxfoam.student.checkpoint.AttemptFile;

import java.io.IOException;

/**
 * The training of a deterministic student: on its duty cycle, so many attempts at a step for each
 * moment that can be trained on. What was learned before the checkpoint is read again, but not
 * learned again.
 */
final class LockstepTraining {
    /** For a student that is deterministic; about what one that is not takes of an idle machine. */
    private static final int STEPS_PER_MOMENT = 2;

    private final StudentPipeline body;
    private final AttemptFile file;
    private final long attemptsBefore;
    private long attempts;

    /**
     * Goes on from the pipeline's checkpoint.
     *
     * @throws IOException if that is of no deterministic student
     */
    LockstepTraining(StudentPipeline body, AttemptFile file) throws IOException {
        this.body = body;
        this.file = file;
        attemptsBefore = file.attempts(body.progress().step());
        body.loop().begin();
    }

    /**
     * Makes the next attempt that is due and was not made before; returns whether there was one.
     */
    boolean attempt() {
        long due = STEPS_PER_MOMENT * body.assembler().trainableMoments();
        while (attempts < due) {
            attempts++;
            if (attempts > attemptsBefore) {
                body.loop().turn();
                return true;
            }
            if (attempts == attemptsBefore) {
                body.loop().adopt();
            }
        }
        return false;
    }

    /** Saves after an attempt if it is time to. */
    void saveIfDue(long nowNs) throws IOException {
        if (body.loop().isSaveDue(nowNs)) {
            file.save(body.progress().step(), attempts);
            body.loop().save(nowNs);
        }
    }

    /** Before the last save: notes its place on the tape. */
    void note() throws IOException {
        if (body.loop().isNew()) {
            file.save(body.progress().step(), attempts);
        }
    }
}
