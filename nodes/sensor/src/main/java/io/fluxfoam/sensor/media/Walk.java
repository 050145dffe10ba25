package io.fluxfoam.sensor.media;

import java.util.List;

/**
 * A way through a folder's items of one kind, round and round. Where it begins depends on the
 * frame's counter, so that a restarted sensor goes on where it was; what cannot be shown is stepped
 * over.
 */
final class Walk<T> {
    private final List<T> items;
    private long steppedOver;
    private long steps;

    Walk(List<T> items) {
        this.items = List.copyOf(items);
    }

    /**
     * The item to show.
     *
     * @param ordinal how many frames of this kind came before, in this life and in earlier ones
     */
    T at(long ordinal) {
        return items.get((int) ((ordinal + steppedOver) % items.size()));
    }

    /** How many times every item had its turn before this one. */
    long round(long ordinal) {
        return (ordinal + steppedOver) / items.size();
    }

    /** The item was shown. */
    void step() {
        steps++;
    }

    /** The item cannot be shown: the next one takes its place. */
    void stepOver() {
        steps++;
        steppedOver++;
    }

    /** Whether every item has had its turn. */
    boolean isOver() {
        return steps >= items.size();
    }

    List<T> items() {
        return items;
    }
}
