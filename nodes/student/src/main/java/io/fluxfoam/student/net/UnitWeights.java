package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.abs;

import org.bytedeco.pytorch.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One parameter {@code [outputs, inputs, ...]} or buffer {@code [outputs]} of a group as units see
 * it: a row makes one, a column reads one. What is set here is set for predictions too, and the
 * optimizer knows nothing of it any more: it had no gradients, their mean square is the share of
 * its neighbours' that a channel is born with which grows, and it was never pushed.
 */
final class UnitWeights {
    private static final int MEMORIES = 2;

    private final ParameterGroup group;
    private final ParameterGroup.Place place;
    private final MemorySegment values;

    UnitWeights(ParameterGroup group, String parameter) {
        this.group = group;
        place = group.place(parameter);
        values = group.segment(parameter);
    }

    /** How many units it makes. */
    long outputs() {
        return place.shape()[0];
    }

    /** How many units it reads in a part of its inputs. */
    long inputs(int part) {
        return place.parts()[part];
    }

    private long rowBytes() {
        return values.byteSize() / outputs();
    }

    /** Sum of the sizes of all weights that read each unit, {@code [inputs]}. */
    Tensor readBy(int part) {
        long first = first(part);
        Tensor weights = Torch.floats(values, place.shape()).narrow(1, first, inputs(part));
        long[] others = new long[place.shape().length - 1];
        for (int i = 1; i < others.length; i++) {
            others[i] = i + 1;
        }
        return abs(weights).sum(others);
    }

    private long first(int part) {
        return Arrays.stream(place.parts(), 0, part).sum();
    }

    /** Begins a row anew, as in a net that was never trained. */
    void renew(long output, SplittableRandom random) {
        long bytes = rowBytes();
        place.initializer().fill(values.asSlice(output * bytes, bytes), random);
        forget(output * bytes, bytes, bornWith());
    }

    /** Reads this unit no more, at first. */
    void silence(int part, long unit) {
        long bytes = rowBytes() / place.shape()[1];
        float bornWith = bornWith();
        for (long output = 0; output < outputs(); output++) {
            long at = output * rowBytes() + (first(part) + unit) * bytes;
            values.asSlice(at, bytes).fill((byte) 0);
            forget(at, bytes, bornWith);
        }
    }

    private float bornWith() {
        if (!place.isLearned()) {
            return 0;
        }
        MemorySegment squares = group.secondMoments().asSlice(place.offset(), values.byteSize());
        double mean = Torch.floats(squares, squares.byteSize() / Float.BYTES).mean().item_double();
        return (float) (WidenedWeights.BORN_WITH * mean);
    }

    /** All that is known of some values beside themselves. */
    private void forget(long from, long bytes, float bornWith) {
        long all = group.values().byteSize();
        long at = place.offset() + from;
        long averaged = place.isLearned() ? at : all + at;
        MemorySegment.copy(values, from, group.averages(), averaged, bytes);
        if (!place.isLearned()) {
            return;
        }
        group.firstMoments().asSlice(at, bytes).fill((byte) 0);
        fill(group.secondMoments(), at, bytes, bornWith);
        MemorySegment friction = group.frictionBlock();
        if (friction != null) {
            for (int memory = 0; memory < MEMORIES; memory++) {
                friction.asSlice(memory * all + at, bytes).fill((byte) 0);
            }
            fill(friction, MEMORIES * all + at, bytes, 1);
        }
    }

    private static void fill(MemorySegment block, long from, long bytes, float value) {
        for (long at = from; at < from + bytes; at += Float.BYTES) {
            block.set(ValueLayout.JAVA_FLOAT, at, value);
        }
    }
}
