package io.fluxfoam.student.net;

import java.lang.foreign.Arena;

/** A row of a batch as the batch of one frame that is predicted. */
public final class OneRow {
    private OneRow() {}

    /** Copies the inputs of a row. */
    public static Batch of(Arena arena, Batch batch, int row) {
        Batch one = new Batch(arena, batch.shape(), 1);
        one.window(0).copyFrom(batch.window(row));
        one.sight(0).copyFrom(batch.sight(row));
        one.columns(0).copyFrom(batch.columns(row));
        one.sound(0).copyFrom(batch.sound(row));
        return one;
    }
}
