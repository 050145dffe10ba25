package io.fluxfoam.student;

import java.util.function.Supplier;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Carries results from the trainer to the duty cycle in a fixed number of objects that go round: the trainer takes an empty
 * one, fills it, hands it over; the duty cycle publishes it and gives it back. Neither ever waits.
 *
 * @param <T> the object that carries a result
 */
final class Handover<T> {
    private final OneToOneConcurrentArrayQueue<T> empty;
    private final OneToOneConcurrentArrayQueue<T> filled;
    private final int count;

    Handover(int count, Supplier<T> maker) {
        this.count = count;
        empty = new OneToOneConcurrentArrayQueue<>(count);
        filled = new OneToOneConcurrentArrayQueue<>(count);
        for (int i = 0; i < count; i++) {
            empty.offer(maker.get());
        }
    }

    /** Trainer: an empty object, or null if all are on their way. */
    T takeEmpty() {
        return empty.poll();
    }

    /** Trainer: hands over a filled object. */
    void hand(T object) {
        filled.offer(object);
    }

    /** Trainer: whether everything handed over has come back. */
    boolean allReturned() {
        return empty.size() == count;
    }

    /** Duty cycle: the next filled object, or null. */
    T takeFilled() {
        return filled.poll();
    }

    /** Duty cycle: gives back an object whose content was used. */
    void giveBack(T object) {
        empty.offer(object);
    }
}
