package io.fluxfoam.student.replay;

import io.fluxfoam.memory.Words;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One row of a {@link MomentArena}: a frame's inputs and, in the columns of the regions, its
 * targets. The duty cycle fills rows and takes them for new frames; the trainer reads them. One
 * word decides whose a row is:
 *
 * <pre>{@code
 * EMPTY -> COMPLETE -> COMPLETE|TRAINABLE -> EMPTY (taken for another frame)      duty cycle
 *          COMPLETE... <-> COMPLETE...|PINNED                                     trainer
 * }</pre>
 *
 * <p>A pinned row is never taken. Targets may still be added to it: they become visible by their
 * own word.
 *
 * <p>Two more words stand in the replay's memory for the student's next life: the frame, which is 0
 * unless the row is TRAINABLE, and when it was captured. The frame becomes 0 before the first byte
 * of another one is written, and the other one after the last: whenever the student dies, what is
 * there by this word is whole.
 */
public final class Moment {
    private static final int EMPTY = 0;
    private static final int COMPLETE = 1;
    private static final int TRAINABLE = 2;
    private static final int PINNED = 4;

    static final int KEPT_BYTES = 16;
    private static final int KEPT_CAPTURE = 8;

    private final int row;
    private final Words kept;
    private final long keptAt;
    private final AtomicInteger state = new AtomicInteger(EMPTY);
    private long frameNumber;
    private long captureNs;
    private int windowFromRow;
    private int windowToRow;
    private boolean picture;
    private boolean sound;
    private boolean pending;
    private long openedNs;

    /** A row whose {@value #KEPT_BYTES} bytes for the next life are there. */
    Moment(int row, Words kept, long keptAt) {
        this.row = row;
        this.kept = kept;
        this.keptAt = keptAt;
    }

    /** Takes up the trainable moment that an earlier life left; false if there is none. */
    boolean takeUp() {
        frameNumber = kept.getAcquire(keptAt);
        captureNs = kept.get(keptAt + KEPT_CAPTURE);
        picture = sound = frameNumber != 0;
        state.set(frameNumber == 0 ? EMPTY : COMPLETE | TRAINABLE);
        return frameNumber != 0;
    }

    /** Index of the row. */
    int row() {
        return row;
    }

    /** The frame; the trainer may ask only while it has the row pinned. */
    public long frameNumber() {
        return frameNumber;
    }

    /** When the frame was captured; the trainer may ask only while it has the row pinned. */
    public long captureNs() {
        return captureNs;
    }

    /** Duty cycle: takes the row for another frame unless it is pinned. */
    boolean take(long frame, long frameCaptureNs, long nowNs) {
        int current = state.get();
        if ((current & PINNED) != 0 || !state.compareAndSet(current, EMPTY)) {
            return false;
        }
        kept.set(keptAt, 0);
        kept.fullFence();
        frameNumber = frame;
        captureNs = frameCaptureNs;
        openedNs = nowNs;
        picture = false;
        sound = false;
        pending = false;
        return true;
    }

    /** Duty cycle: where the window was cut, before the picture is said to be there. */
    void window(int fromRow, int toRow) {
        windowFromRow = fromRow;
        windowToRow = toRow;
    }

    /**
     * First row of the picture that is in the window, for a frame of this life; the trainer may ask
     * only while it has the row pinned.
     */
    public int windowFromRow() {
        return windowFromRow;
    }

    /** The row of the picture behind the window's last one, likewise. */
    public int windowToRow() {
        return windowToRow;
    }

    /** Duty cycle: the picture is there. */
    void pictureWritten() {
        picture = true;
        completeIfBoth();
    }

    /** Duty cycle: the sound is there. */
    void soundWritten() {
        sound = true;
        completeIfBoth();
    }

    private void completeIfBoth() {
        if (picture && sound) {
            state.getAndUpdate(word -> word | COMPLETE);
        }
    }

    /** Duty cycle: whether the picture is there. */
    boolean hasPicture() {
        return picture;
    }

    /** Duty cycle: whether the sound is there. */
    boolean hasSound() {
        return sound;
    }

    /** Whether picture and sound are there. */
    boolean complete() {
        return (state.get() & COMPLETE) != 0;
    }

    /** Duty cycle: from now on batches may be drawn from this row. */
    void markTrainable() {
        kept.set(keptAt + KEPT_CAPTURE, captureNs);
        kept.setRelease(keptAt, frameNumber);
        state.getAndUpdate(word -> word | TRAINABLE);
    }

    /** Whether batches may be drawn from this row. */
    public boolean trainable() {
        return (state.get() & TRAINABLE) != 0;
    }

    /** Duty cycle: whether the assembler still waits for parts of this moment. */
    boolean pending() {
        return pending;
    }

    /** Duty cycle: says whether the assembler still waits for parts of this moment. */
    void pending(boolean waiting) {
        pending = waiting;
    }

    /** Duty cycle: when the first part of this moment arrived. */
    long openedNs() {
        return openedNs;
    }

    /** Trainer: pins a row with both inputs; false if it is being taken, or is pinned already. */
    public boolean pinComplete() {
        return pin(COMPLETE);
    }

    /** Trainer: pins a row that may be trained on; false if it is not one, or is pinned already. */
    public boolean pinTrainable() {
        return pin(TRAINABLE);
    }

    private boolean pin(int required) {
        int current = state.get();
        while ((current & required) != 0 && (current & PINNED) == 0) {
            if (state.compareAndSet(current, current | PINNED)) {
                return true;
            }
            current = state.get();
        }
        return false;
    }

    /** Trainer: lets go of a pinned row. */
    public void unpin() {
        state.getAndUpdate(word -> word & ~PINNED);
    }
}
