package io.fluxfoam.student.train;

/**
 * The frames that one step trains on, on their way to be published: handed over before the step is
 * taken, so that no frame is trained on unseen. Used again and again.
 */
public final class StepRecord {
    private final long[] frames;
    private long step;

    public StepRecord(int batch) {
        frames = new long[batch];
    }

    /** Trainer: begins with another step. */
    void begin(long number) {
        step = number;
    }

    /** Number the step will have. */
    public long step() {
        return step;
    }

    /** Frame numbers of the batch; the trainer fills them in. */
    public long[] frames() {
        return frames;
    }
}
