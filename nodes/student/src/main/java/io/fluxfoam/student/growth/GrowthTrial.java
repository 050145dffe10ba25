package io.fluxfoam.student.growth;

import io.fluxfoam.distill.Width;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.StudentNet;

import java.lang.foreign.Arena;
import java.util.List;

/**
 * A wider student that learns beside the one there is, for some steps, from the very same batches.
 * At its birth both compute the same, so whatever sets them apart in the end is what the new
 * channels were good for: noise, a rate that is too high, targets that cannot be known or a teacher
 * that is gone hold both back alike.
 */
final class GrowthTrial implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final StudentNet wider;
    private int left;

    GrowthTrial(StudentNet net, Width width, int steps) {
        wider = net.widened(arena, width);
        left = steps;
    }

    /**
     * Takes the step that the student there is has just taken.
     *
     * @return whether it was the last one
     */
    boolean step(Batch batch, List<StudentNet.Term> terms) {
        wider.step(batch, terms);
        return --left == 0;
    }

    /** The wider student; it lives until this is closed. */
    StudentNet wider() {
        return wider;
    }

    /** Frees the wider student. */
    @Override
    public void close() {
        arena.close();
    }
}
