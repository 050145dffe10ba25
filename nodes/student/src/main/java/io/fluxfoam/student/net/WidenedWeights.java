package io.fluxfoam.student.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The way of one parameter {@code [outputs, inputs, ...]} of a layer into the same layer of a wider
 * network: old outputs stay in front; old inputs too, within each part of the inputs that another
 * layer makes.
 *
 * <pre>
 *            old inputs   new inputs          (once for each part)
 *   old    |    old     |     0     |   computes what it did
 *   new    |   random   |  random   |   read by nobody but zeros, see there
 * </pre>
 *
 * <p>Source: function-preserving growth is Net2Net's idea (Chen, Goodfellow, Shlens 2016), which
 * splits channels; zeros where new ones are read are GradMax's condition from the other side (Evci
 * et al. 2022), and give every new channel a gradient of its own.
 */
final class WidenedWeights {
    /**
     * Share of the old weights' mean square that a new weight is born with; docs/LEARNING.md has
     * what was tried.
     */
    static final double BORN_WITH = .03;

    private final long[] from;
    private final long[] to;
    private final long[] fromParts;
    private final long[] toParts;

    /**
     * Shapes and parts of the inputs; of the same rank and number of parts, and nowhere narrower.
     *
     * @throws IllegalArgumentException if they are not
     */
    WidenedWeights(long[] from, long[] fromParts, long[] to, long[] toParts) {
        boolean fits = from.length == to.length && fromParts.length == toParts.length;
        for (int axis = 0; fits && axis < from.length; axis++) {
            fits = axis < 2 ? to[axis] >= from[axis] : to[axis] == from[axis];
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "not the same layer: " + Arrays.toString(from) + " and " + Arrays.toString(to));
        }
        this.from = from;
        this.fromParts = fromParts;
        this.to = to;
        this.toParts = toParts;
    }

    /** Learned values, into a block that is initialised as an untrained network's. */
    void values(MemorySegment old, MemorySegment wider) {
        long rowBytes = wider.byteSize() / to[0];
        wider.asSlice(0, from.length > 1 ? from[0] * rowBytes : 0).fill((byte) 0);
        copy(old, wider);
    }

    /** Running means of gradients, into zeros: a new weight has had none. */
    void firstMoments(MemorySegment old, MemorySegment wider) {
        copy(old, wider);
    }

    /**
     * Running means of squared gradients. A new weight gets a part of the mean of the old ones: it
     * has everything to learn yet, so its first steps are larger than theirs.
     */
    void secondMoments(MemorySegment old, MemorySegment wider) {
        double sum = 0;
        long count = old.byteSize() / Float.BYTES;
        for (long i = 0; i < count; i++) {
            sum += old.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        Initializer.constant((float) (BORN_WITH * sum / count)).fill(wider, null);
        copy(old, wider);
    }

    /** What was there before, and nothing else. */
    void copy(MemorySegment old, MemorySegment wider) {
        if (from.length == 1) {
            wider.copyFrom(old);
            return;
        }
        long oldInputBytes = old.byteSize() / from[0] / from[1];
        long inputBytes = wider.byteSize() / to[0] / to[1];
        for (long output = 0; output < from[0]; output++) {
            long oldAt = output * from[1] * oldInputBytes;
            long at = output * to[1] * inputBytes;
            for (int part = 0; part < fromParts.length; part++) {
                long bytes = fromParts[part] * oldInputBytes;
                MemorySegment.copy(old, oldAt, wider, at, bytes);
                oldAt += bytes;
                at += toParts[part] * inputBytes;
            }
        }
    }
}
