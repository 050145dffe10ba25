package io.fluxfoam.student.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows of pixels and what is asked of them, in memory that is allocated once:
 *
 * <pre>
 *   pixels   f32 [rows, inputs]
 *   targets  f32 [rows, outputs]   what a teacher said, a distribution
 *   shifts   f32 [rows, outputs]   added to the outputs in the row's softmax; far below 0 leaves one out
 *   weights  f32 [rows]            of the row's cross-entropy
 *   said     f32 [rows, outputs]   outputs that the net is to keep
 *   held     f32 [rows]            weight of the mean squared distance to them
 *   outputs  f32 [rows, outputs]   written by the net
 *   losses   f32 [rows]            written by the net: cross-entropy, unweighted
 * </pre>
 */
public final class PixelBatch {
    private static final float SILENT = -1e9f;

    private final int inputs;
    private final int outputs;
    private final int capacity;
    final MemorySegment pixels;
    final MemorySegment targets;
    final MemorySegment shifts;
    final MemorySegment weights;
    final MemorySegment said;
    final MemorySegment held;
    final MemorySegment written;
    final MemorySegment losses;
    private int rows;
    private boolean holds;

    /** Of at most so many rows; lives as long as the arena. */
    public PixelBatch(Arena arena, int capacity, int inputs, int outputs) {
        this.capacity = capacity;
        this.inputs = inputs;
        this.outputs = outputs;
        pixels = floats(arena, (long) capacity * inputs);
        targets = floats(arena, (long) capacity * outputs);
        shifts = floats(arena, (long) capacity * outputs);
        weights = floats(arena, capacity);
        said = floats(arena, (long) capacity * outputs);
        held = floats(arena, capacity);
        written = floats(arena, (long) capacity * outputs);
        losses = floats(arena, capacity);
    }

    private static MemorySegment floats(Arena arena, long count) {
        return arena.allocate(count * Float.BYTES, 64);
    }

    /** Begins anew. */
    public void clear() {
        rows = 0;
        holds = false;
    }

    /** How many rows there are. */
    public int rows() {
        return rows;
    }

    /** Whether rows are asked to keep outputs. */
    boolean holds() {
        return holds;
    }

    /** Values of a row's pixels. */
    public int inputs() {
        return inputs;
    }

    /** Values that the net says of a row. */
    public int outputs() {
        return outputs;
    }

    /** Adds a row of which nothing is asked yet; returns its number. */
    public int add() {
        if (rows == capacity) {
            throw new IllegalStateException("rows=" + rows + " is all there is room for");
        }
        int row = rows++;
        weight(row, 0);
        held.setAtIndex(ValueLayout.JAVA_FLOAT, row, 0);
        row(said, row).fill((byte) 0);
        row(shifts, row).fill((byte) 0);
        return row;
    }

    /** Where the pixels of a row go. */
    public MemorySegment pixels(int row) {
        long bytes = (long) inputs * Float.BYTES;
        return pixels.asSlice(row * bytes, bytes);
    }

    /** Asks a row for this distribution. */
    public void target(int row, float[] distribution, double weight) {
        MemorySegment.copy(distribution, 0, row(targets, row), ValueLayout.JAVA_FLOAT, 0, outputs);
        weight(row, weight);
    }

    /** What a row is asked for of one output. */
    public float target(int row, int output) {
        return targets.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * outputs + output);
    }

    /** Weight of a row's target. */
    public float weight(int row) {
        return weights.getAtIndex(ValueLayout.JAVA_FLOAT, row);
    }

    private void weight(int row, double weight) {
        weights.setAtIndex(ValueLayout.JAVA_FLOAT, row, (float) weight);
    }

    /** Leaves an output out of the row's softmax. */
    public void silence(int row, int output) {
        shift(row, output, SILENT);
    }

    /** Where the row is learned, an output counts as if it were said so much louder. */
    public void shift(int row, int output, double louder) {
        shifts.setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * outputs + output, (float) louder);
    }

    /** Asks a row to keep these outputs. */
    public void hold(int row, float[] outputsThen, double weight) {
        MemorySegment.copy(outputsThen, 0, row(said, row), ValueLayout.JAVA_FLOAT, 0, outputs);
        held.setAtIndex(ValueLayout.JAVA_FLOAT, row, (float) weight);
        holds = true;
    }

    /** What the net said of a row. */
    public void outputs(int row, float[] out) {
        MemorySegment.copy(row(written, row), ValueLayout.JAVA_FLOAT, 0, out, 0, outputs);
    }

    /** The output that the net said loudest. */
    public int loudest(int row) {
        int best = 0;
        for (int i = 1; i < outputs; i++) {
            if (output(row, i) > output(row, best)) {
                best = i;
            }
        }
        return best;
    }

    private float output(int row, int i) {
        return written.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * outputs + i);
    }

    /** How far a row was from its target. */
    public float loss(int row) {
        return losses.getAtIndex(ValueLayout.JAVA_FLOAT, row);
    }

    private MemorySegment row(MemorySegment block, int row) {
        long bytes = (long) outputs * Float.BYTES;
        return block.asSlice(row * bytes, bytes);
    }
}
