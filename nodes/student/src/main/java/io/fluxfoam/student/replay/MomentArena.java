package io.fluxfoam.student.replay;

import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.memory.Words;
import io.fluxfoam.student.net.InputShape;

import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongHashSet;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.ToDoubleBiFunction;

/**
 * Memory for the inputs of a fixed number of moments, allocated once; those that an earlier life
 * left trainable are there from the beginning. New frames take the oldest row; with a {@link
 * Reservoir} some of the oldest stay, and the new frame takes another's. All methods but {@link
 * #rowsUsed}, {@link #drawRow}, {@link #keeps}, {@link #remembers}, {@link #moment}, {@link
 * #window}, {@link #sight} and {@link #sound} belong to the duty cycle.
 *
 * <pre>
 *   words    i64 [capacity, 2]                frame or 0, captured: see {@link Moment}
 *   windows  f32 [capacity, rows * columns]   see PictureNorm
 *   sounds   f32 [capacity, bands, steps]     see Ear
 *   sights   u8  [capacity, 3, rows, columns] see SightNorm
 * </pre>
 */
public final class MomentArena {
    private static final long NONE = -1;

    private final Moment[] moments;
    private final InputShape shape;
    private final MemorySegment windows;
    private final MemorySegment sights;
    private final MemorySegment sounds;
    private final Long2LongHashMap rowOfFrame;
    private final int[] released;
    private int releasedCount;
    private final Reservoir reservoir;
    private final ToDoubleBiFunction<Moment, Moment> distances;
    private final AtomicIntegerArray ring;
    private final int[] free;
    private int freeCount;
    private int next;
    private volatile int ringUsed;
    private volatile int rowsUsed;

    /** Of inputs of this shape. */
    public MomentArena(ReplayMemory memory, InputShape shape, int capacity) {
        this(memory, shape, capacity, Reservoir.Settings.NONE, (_, _) -> 0);
    }

    /**
     * With a reservoir beside the newest moments.
     *
     * @param newest rows of the newest moments
     * @param distances of what two moments say, for a reservoir that is balanced
     */
    public MomentArena(
            ReplayMemory memory,
            InputShape shape,
            int newest,
            Reservoir.Settings settings,
            ToDoubleBiFunction<Moment, Moment> distances) {
        this.distances = distances;
        int capacity = newest + settings.moments();
        this.shape = shape;
        reservoir = settings.moments() == 0 ? null : new Reservoir(memory, settings, capacity);
        ring = new AtomicIntegerArray(newest);
        free = new int[settings.moments()];
        long wordBytes = (long) capacity * Moment.KEPT_BYTES;
        long windowBytes = capacity * shape.windowBytes();
        long sightBytes = capacity * SightNorm.bytes(shape);
        long soundBytes = capacity * shape.soundBytes();
        MemorySegment body =
                memory.part(
                        "inputs",
                        "moments="
                                + capacity
                                + " picture="
                                + shape.pictureColumns()
                                + "x"
                                + shape.pictureRows()
                                + " sight="
                                + shape.sightColumns()
                                + "x"
                                + shape.sightRows()
                                + " soundBytes="
                                + shape.soundBytes(),
                        wordBytes + windowBytes + soundBytes + sightBytes,
                        left -> requireTrain(left, capacity));
        Words words = new SegmentWords(body);
        windows = body.asSlice(wordBytes, windowBytes);
        sounds = body.asSlice(wordBytes + windowBytes, soundBytes);
        sights = body.asSlice(wordBytes + windowBytes + soundBytes, sightBytes);
        rowOfFrame = new Long2LongHashMap(2 * capacity, .6f, NONE);
        released = new int[capacity];
        moments = new Moment[capacity];
        for (int row = 0; row < capacity; row++) {
            moments[row] = new Moment(row, words, (long) row * Moment.KEPT_BYTES);
        }
        if (reservoir == null) {
            takeUp();
        } else {
            takeUpWithReservoir();
        }
    }

    /** What is kept is TRAIN frames, each once. */
    private static void requireTrain(MemorySegment left, int capacity) throws IOException {
        Words words = new SegmentWords(left);
        LongHashSet frames = new LongHashSet(2 * capacity);
        for (int row = 0; row < capacity; row++) {
            long frame = words.get((long) row * Moment.KEPT_BYTES);
            if (frame != 0 && (HoldoutRule.isHoldout(frame) || !frames.add(frame))) {
                throw new IOException("row=" + row + " frameNumber=" + frame + " cannot be here");
            }
        }
    }

    /** Goes on behind the newest moment; rows before it that hold none are taken first. */
    private void takeUp() {
        long newest = 0;
        for (Moment moment : moments) {
            ring.set(moment.row(), moment.row());
            if (moment.takeUp()) {
                rowOfFrame.put(moment.frameNumber(), moment.row());
                rowsUsed = moment.row() + 1;
                if (moment.frameNumber() > newest) {
                    newest = moment.frameNumber();
                    next = (moment.row() + 1) % moments.length;
                }
            }
        }
        for (int row = rowsUsed - 1; row >= 0; row--) {
            if (!moments[row].trainable()) {
                released[releasedCount++] = row;
            }
        }
    }

    /** What was not kept is of the newest, or was to be; rows that hold nothing are taken next. */
    private void takeUpWithReservoir() {
        List<Moment> newest = new ArrayList<>();
        List<Moment> empty = new ArrayList<>();
        for (Moment moment : moments) {
            if (!moment.takeUp()) {
                empty.add(moment);
                continue;
            }
            rowOfFrame.put(moment.frameNumber(), moment.row());
            rowsUsed = moment.row() + 1;
            if (reservoir.kept(moment) && !reservoir.isFull()) {
                reservoir.add(moment);
            } else {
                newest.add(moment);
            }
        }
        newest.sort(Comparator.comparingLong(Moment::frameNumber));
        while (newest.size() > ring.length()) {
            reservoir.add(newest.removeFirst());
        }
        ringUsed = newest.size();
        next = ringUsed % ring.length();
        newest.addAll(empty);
        for (int i = 0; i < newest.size(); i++) {
            if (i < ring.length()) {
                ring.set(i, newest.get(i).row());
            } else {
                free[freeCount++] = newest.get(i).row();
            }
        }
    }

    /** Number of rows. */
    int capacity() {
        return moments.length;
    }

    /** How many rows were ever taken: moments are only in rows below this. */
    public int rowsUsed() {
        return rowsUsed;
    }

    /** The moment in this row, whatever its state. */
    public Moment moment(int row) {
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
            rowsUsed = Math.max(rowsUsed, moment.row() + 1);
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
        int slot = next;
        next = (next + 1) % ring.length();
        ringUsed = Math.max(ringUsed, slot + 1);
        if (reservoir != null && moments[ring.get(slot)].trainable()) {
            offer(slot);
        }
        return ring.get(slot);
    }

    /** The moment that leaves the newest may stay; then its slot gets another row. */
    private void offer(int slot) {
        Moment leaving = moments[ring.get(slot)];
        int place = reservoir.place((at, other) -> distance(leaving, at, other));
        if (!reservoir.isFull()) {
            if (freeCount > 0) {
                reservoir.add(leaving);
                ring.set(slot, free[--freeCount]);
            }
        } else if (place != KeepRule.NOT_KEPT) {
            int displaced = reservoir.row(place);
            reservoir.keep(place, leaving);
            ring.set(slot, displaced);
        }
    }

    private double distance(Moment leaving, int at, int other) {
        Moment one = at == free.length ? leaving : moments[reservoir.row(at)];
        return distances.applyAsDouble(one, moments[reservoir.row(other)]);
    }

    /** Trainer: a row that may hold a moment to train on. */
    public int drawRow(SplittableRandom random) {
        if (reservoir == null) {
            return random.nextInt(rowsUsed);
        }
        int row = reservoir.draw(random);
        return row < 0 ? ring.get(random.nextInt(ringUsed)) : row;
    }

    /** Trainer: whether a pinned moment is one of those that are kept for good. */
    public boolean keeps(Moment moment) {
        return reservoir != null && reservoir.kept(moment);
    }

    /** Whether what teachers said stays in use when they are gone. */
    public boolean remembers() {
        return reservoir != null;
    }

    /** Gives up a moment that never became complete; its row is the next to be taken. */
    void release(Moment moment) {
        rowOfFrame.remove(moment.frameNumber());
        released[releasedCount++] = moment.row();
    }

    /** What the inputs are. */
    public InputShape shape() {
        return shape;
    }

    /** Where the picture's window of this moment is. */
    public MemorySegment window(Moment moment) {
        return windows.asSlice(moment.row() * shape.windowBytes(), shape.windowBytes());
    }

    /** Where the whole picture of this moment is. */
    public MemorySegment sight(Moment moment) {
        long bytes = SightNorm.bytes(shape);
        return sights.asSlice(moment.row() * bytes, bytes);
    }

    /** Where the sound of this moment is. */
    public MemorySegment sound(Moment moment) {
        return sounds.asSlice(moment.row() * shape.soundBytes(), shape.soundBytes());
    }
}
