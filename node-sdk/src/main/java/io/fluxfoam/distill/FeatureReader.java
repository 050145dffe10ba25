package io.fluxfoam.distill;

import io.fluxfoam.stream.Lease;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Reads a teacher's tensors as a student learns them: those of a life all in the same way, what its
 * {@link TeacherCard} says. Belongs to one thread.
 */
public final class FeatureReader {
    private @Nullable TeacherCard card;
    private long[] shape = {};
    private @Nullable Reduction reduction;
    private @Nullable MemorySegment reduced;

    /**
     * How the leased tensor is reduced.
     *
     * @throws IllegalArgumentException if there is nothing to learn from a tensor of its shape
     */
    public Reduction reduction(Lease features, TeacherCard ofTeacher) {
        if (!isShape(features)) {
            long[] now = new long[features.rank()];
            Arrays.setAll(now, features::dim);
            return reduction(now, ofTeacher);
        }
        return reduction(shape, ofTeacher);
    }

    private Reduction reduction(long[] ofShape, TeacherCard ofTeacher) {
        Reduction known = reduction;
        if (known == null || !ofTeacher.equals(card) || !Arrays.equals(shape, ofShape)) {
            shape = ofShape;
            card = ofTeacher;
            known = Reduction.of(shape, ofTeacher.axes(), ofTeacher.aligned());
            reduction = known;
        }
        return known;
    }

    /**
     * The floats of a tensor's region: its own memory if they lie there as they are, else memory of
     * this reader that is valid until the next call.
     *
     * @throws IllegalArgumentException if there is nothing to learn from a tensor of its shape
     */
    public MemorySegment read(Lease features, TeacherCard ofTeacher) {
        return read(reduction(features, ofTeacher), features.payload());
    }

    /**
     * The same of a tensor that is no lease's.
     *
     * @throws IllegalArgumentException if there is nothing to learn from a tensor of its shape
     */
    public MemorySegment read(long[] ofShape, MemorySegment payload, TeacherCard ofTeacher) {
        return read(reduction(ofShape, ofTeacher), payload);
    }

    private MemorySegment read(Reduction how, MemorySegment payload) {
        if (how.isPlain()) {
            return payload;
        }
        if (reduced == null) {
            reduced = Arena.ofAuto().allocate((long) Reduction.MOST_FLOATS * Float.BYTES, 64);
        }
        how.apply(payload, reduced);
        return reduced.asSlice(0, (long) how.tokens() * how.dim() * Float.BYTES);
    }

    private boolean isShape(Lease features) {
        boolean same = features.rank() == shape.length;
        for (int i = 0; same && i < shape.length; i++) {
            same = features.dim(i) == shape[i];
        }
        return same;
    }
}
