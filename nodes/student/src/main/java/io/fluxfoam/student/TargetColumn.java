package io.fluxfoam.student;

import io.fluxfoam.heatmap.Region;
import io.fluxfoam.heatmap.Statistics;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Memory for the targets of one region for every row of the replay arena, f32 {@code [capacity,
 * length]}, allocated when the region joins. Beside each row stands the statistics under which it
 * was standardised, or null while it is absent: one word that makes a row visible and tells how to
 * read it. The duty cycle writes, the trainer reads.
 */
final class TargetColumn {
    private final Region region;
    private final MemorySegment values;
    private final AtomicReferenceArray<Statistics> statistics;

    TargetColumn(Arena memory, Region region, int capacity) {
        this.region = region;
        values = memory.allocate((long) capacity * region.length() * Float.BYTES, 64);
        statistics = new AtomicReferenceArray<>(capacity);
    }

    /**
     * Duty cycle: writes a target that is absent and makes it visible.
     *
     * @return false if a value cannot be this teacher's; the target stays absent
     */
    boolean write(int row, MemorySegment teacherValues, Statistics current) {
        if (!current.standardize(teacherValues, at(row), 0)) {
            return false;
        }
        statistics.setRelease(row, current);
        return true;
    }

    /**
     * Duty cycle: the same with values that were standardised elsewhere, under these statistics.
     */
    boolean writeStandardized(int row, MemorySegment standardized, Statistics current) {
        if (!current.areCredible(standardized)) {
            return false;
        }
        at(row).copyFrom(standardized);
        statistics.setRelease(row, current);
        return true;
    }

    /** Duty cycle: makes a target absent. Only for rows that cannot be pinned. */
    void clear(int row) {
        statistics.setRelease(row, null);
    }

    /** Whether the target of this row is there. */
    boolean present(int row) {
        return statistics.getAcquire(row) != null;
    }

    /**
     * Trainer: under which statistics the target of a pinned row stands, or null if it is absent.
     */
    Statistics statistics(int row) {
        return statistics.getAcquire(row);
    }

    /** The floats of a row. */
    MemorySegment at(int row) {
        long bytes = (long) region.length() * Float.BYTES;
        return values.asSlice(row * bytes, bytes);
    }
}
