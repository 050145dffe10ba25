package io.fluxfoam.counters;

/** What a counter's value is measured in, and how it is told to others: in a base unit. */
public enum Unit {
    /** How many. */
    COUNT("1", "", 1),

    /** A fraction of a whole, 1 being all of it. */
    RATIO("ratio", "_ratio", 1),

    /** How many in a second. */
    PER_SECOND("1/second", "_per_second", 1),

    BYTES("bytes", "_bytes", 1),

    SECONDS("seconds", "_seconds", 1),

    /** Told in seconds. */
    MILLIS("seconds", "_seconds", 1e-3),

    /** Told in seconds. */
    NANOS("seconds", "_seconds", 1e-9);

    private final String base;
    private final String suffix;
    private final double factor;

    Unit(String base, String suffix, double factor) {
        this.base = base;
        this.suffix = suffix;
        this.factor = factor;
    }

    /** Name of the base unit. */
    public String base() {
        return base;
    }

    /** What the name of a metric of this unit ends with, but for {@code _total}. */
    public String suffix() {
        return suffix;
    }

    /** A value of this unit in the base unit. */
    public double toBase(double value) {
        return value * factor;
    }
}
