package io.fluxfoam.student;

import org.agrona.collections.Long2LongHashMap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for the inputs of a fixed number of moments, allocated once. New frames take the oldest
 * row. All methods but {@link #rowsUsed}, {@link #moment}, {@link #picture} and {@link #sound}
 * belong to the duty cycle.
 *
 * <pre>
 *   pictures  f32 [capacity, 48 * 320]
 *   sounds    f32 [capacity, 40960]
 * </pre>
 */
final class MomentArena {
    private static final long NONE = -1;

    private final Moment[] moments;
    private final MemorySegment pictures;
    private final MemorySegment sounds;
    private final Long2LongHashMap rowOfFrame;
    private final int[] released;
    private int releasedCount;
    private int next;
    private volatile int rowsUsed;

    MomentArena(Arena memory, int capacity) {
        moments = new Moment[capacity];
        for (int row = 0; row < capacity; row++) {
            moments[row] = new Moment(row);
        }
        pictures = memory.allocate(capacity * PictureNorm.BAND_BYTES, 64);
        sounds = memory.allocate(capacity * SoundNorm.WINDOW_BYTES, 64);
        rowOfFrame = new Long2LongHashMap(2 * capacity, .6f, NONE);
        released = new int[capacity];
    }

    /** Number of rows. */
    int capacity() {
        return moments.length;
    }

    /** How many rows were ever taken: moments are only in rows below this. */
    int rowsUsed() {
        return rowsUsed;
    }

    /** The moment in this row, whatever its state. */
    Moment moment(int row) {
        return moments[row];
    }

    /** The moment of this frame, or null if it is not (or no longer) here. */
    Moment find(long frameNumber) {
        long row = rowOfFrame.get(frameNumber);
        return row == NONE ? null : moments[(int) row];
    }

    /**
     * Takes a row for a frame that is not here yet: one that was released, or the oldest one that
     * is not pinned.
     *
     * @throws IllegalStateException if every row is pinned, which a capacity above the batch size
     *     rules out
     */
    Moment open(long frameNumber, long captureNs, long nowNs) {
        for (int tries = 0; tries <= moments.length; tries++) {
            Moment moment = moments[releasedCount > 0 ? released[--releasedCount] : advance()];
            long before = moment.frameNumber();
            if (moment.take(frameNumber, captureNs, nowNs)) {
                if (rowOfFrame.get(before) == moment.row()) {
                    rowOfFrame.remove(before);
                }
                rowOfFrame.put(frameNumber, moment.row());
                return moment;
            }
        }
        throw new IllegalStateException("all rows are pinned: capacity=" + moments.length);
    }

    private int advance() {
        int row = next;
        next = (next + 1) % moments.length;
        rowsUsed = Math.max(rowsUsed, row + 1);
        return row;
    }

    /** Gives up a moment that never became complete; its row is the next to be taken. */
    void release(Moment moment) {
        rowOfFrame.remove(moment.frameNumber());
        released[releasedCount++] = moment.row();
    }

    /** Where the picture's band of this moment is. */
    MemorySegment picture(Moment moment) {
        return pictures.asSlice(moment.row() * PictureNorm.BAND_BYTES, PictureNorm.BAND_BYTES);
    }

    /** Where the sound of this moment is. */
    MemorySegment sound(Moment moment) {
        return sounds.asSlice(moment.row() * SoundNorm.WINDOW_BYTES, SoundNorm.WINDOW_BYTES);
    }
}
