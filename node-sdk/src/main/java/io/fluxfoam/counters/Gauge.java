package io.fluxfoam.counters;

import org.agrona.concurrent.status.AtomicCounter;

/** A figure with a fraction. NaN means that it is not there yet, and so it begins. */
public final class Gauge {
    private final AtomicCounter bits;

    Gauge(AtomicCounter bits) {
        this.bits = bits;
        set(Double.NaN);
    }

    public double get() {
        return Double.longBitsToDouble(bits.get());
    }

    /** Sets the value, with release. */
    public void set(double value) {
        bits.setRelease(Double.doubleToLongBits(value));
    }
}
