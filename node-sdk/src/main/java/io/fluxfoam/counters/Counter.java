package io.fluxfoam.counters;

import org.agrona.concurrent.status.AtomicCounter;

/** A whole number that everybody may read and one node writes, from any of its threads. */
public final class Counter {
    private final AtomicCounter value;

    Counter(AtomicCounter value) {
        this.value = value;
    }

    public long get() {
        return value.get();
    }

    /** Sets the value, with release. */
    public void set(long newValue) {
        value.setRelease(newValue);
    }

    /** Adds one, atomically. */
    public void increment() {
        value.increment();
    }

    /** Adds a number, atomically. */
    public void add(long delta) {
        value.getAndAdd(delta);
    }
}
