package io.fluxfoam.student.replay;

import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;

/**
 * Moments that wait to be predicted: bounded, and the newest wins. The duty cycle offers, the
 * trainer takes.
 */
public final class PredictionQueue {
    private static final int CAPACITY = 16;

    private final ManyToManyConcurrentArrayQueue<Waiting> queue =
            new ManyToManyConcurrentArrayQueue<>(CAPACITY);
    private long dropped;

    /** A moment and the arena its inputs are in. */
    public record Waiting(MomentArena arena, Moment moment) {}

    /** Duty cycle: adds a moment whose inputs are complete; a full queue loses its oldest. */
    void offer(Waiting waiting) {
        while (!queue.offer(waiting)) {
            if (queue.poll() != null) {
                dropped++;
            }
        }
    }

    /** Trainer: the moment that waits longest, or null. */
    public Waiting poll() {
        return queue.poll();
    }

    /** How many were lost because the queue was full. */
    long dropped() {
        return dropped;
    }
}
