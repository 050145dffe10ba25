package io.fluxfoam.student.train;

import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;

import java.util.SplittableRandom;

/** Copies inputs of pinned moments into rows of a batch. Belongs to the trainer's thread. */
final class MomentInputs {
    private final Batch batch;
    private final SightView view;

    /** Into this batch. */
    MomentInputs(Batch batch, boolean mirrored) {
        this.batch = batch;
        view = new SightView(batch.shape(), mirrored);
    }

    /** As they are, for a prediction. */
    void plain(int row, MomentArena arena, Moment moment) {
        copy(row, arena, moment);
        view.plain(arena.sight(moment), batch.sight(row), batch.columns(row));
    }

    /** As they are trained on: the whole picture in another way each time. */
    void varied(int row, MomentArena arena, Moment moment, SplittableRandom random) {
        copy(row, arena, moment);
        view.varied(arena.sight(moment), batch.sight(row), batch.columns(row), random);
    }

    private void copy(int row, MomentArena arena, Moment moment) {
        if (row < batch.readers()) {
            batch.window(row).copyFrom(arena.window(moment));
        }
        batch.sound(row).copyFrom(arena.sound(moment));
    }
}
