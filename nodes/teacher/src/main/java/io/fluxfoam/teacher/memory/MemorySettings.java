package io.fluxfoam.teacher.memory;

import io.fluxfoam.distill.MemoryMode;

/**
 * What a teacher is told of its memory.
 *
 * @param mode what it may do with it
 * @param limitBytes most bytes of its files together
 */
public record MemorySettings(MemoryMode mode, long limitBytes) {
    /** None. */
    public static final MemorySettings OFF = new MemorySettings(MemoryMode.OFF, 0);
}
