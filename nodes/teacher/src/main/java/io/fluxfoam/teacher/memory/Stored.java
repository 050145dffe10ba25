package io.fluxfoam.teacher.memory;

import java.lang.foreign.MemorySegment;

/**
 * A stored result, in place. Valid until the next call of the store.
 *
 * @param location where it is
 * @param spoken whether there are features
 * @param payload the features; empty if there are none
 * @param validFor look-ups that it stays valid for, once it has agreed
 * @param validUntil number of the look-up from which it is no longer valid
 */
record Stored(
        long location, boolean spoken, MemorySegment payload, long validFor, long validUntil) {}
