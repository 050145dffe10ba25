package io.fluxfoam.student;

/**
 * The frames that one step trains on, on their way to be published: handed over before the step is
 * taken, so that no frame is trained on unseen. Used again and again.
 */
final class StepRecord {
    private final long[] frames;
    private long step;

    StepRecord(int batch) {
        frames = new long[batch];
    }

    /** Trainer: begins with another step. */
    void begin(long number) {
        step = number;
    }

    /** Number the step will have. */
    long step() {
        return step;
    }

    /** Frame numbers of the batch; the trainer fills them in. */
    long[] frames() {
        return frames;
    }
}
