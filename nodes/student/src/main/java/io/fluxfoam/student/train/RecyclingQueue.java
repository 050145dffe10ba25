package io.fluxfoam.student.train;

import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

import java.util.function.Supplier;

/**
 * Carries results from the trainer to the duty cycle in a fixed number of objects that go round:
 * the trainer takes an empty one, fills it, hands it over; the duty cycle publishes it and gives it
 * back. Neither ever waits.
 *
 * @param <T> the object that carries a result
 */
public final class RecyclingQueue<T> {
    private final OneToOneConcurrentArrayQueue<T> empty;
    private final OneToOneConcurrentArrayQueue<T> filled;
    private long handed;
    private volatile long returned;

    public RecyclingQueue(int count, Supplier<T> maker) {
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
        handed++;
        filled.offer(object);
    }

    /** Trainer: whether everything handed over was published and has come back. */
    public boolean allReturned() {
        return returned == handed;
    }

    /** Duty cycle: the next filled object, or null. */
    public T takeFilled() {
        return filled.poll();
    }

    /** Duty cycle: gives back an object whose content was used. */
    public void giveBack(T object) {
        empty.offer(object);
        returned = returned + 1;
    }
}
