package io.fluxfoam.distill;

/** What a teacher may do with its memory of what it computed. */
public enum MemoryMode {
    /** It has none. */
    OFF,

    /** It remembers and compares, and computes all the same. */
    SHADOW,

    /** What it knows it need not compute, where that is proved and pays. */
    ON
}
