package io.fluxfoam.teacher.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Inputs by number, and the one right result of each. */
final class Facts {
    private static final int INPUT_BYTES = 96;

    private final int floats;
    private final MemorySegment input = Arena.ofAuto().allocate(INPUT_BYTES, 64);
    private final MemorySegment features;

    Facts(int floats) {
        this.floats = floats;
        this.features = Arena.ofAuto().allocate(bytes(), 64);
    }

    /** Valid until the next one. */
    MemorySegment input(long number) {
        SplittableRandom random = new SplittableRandom(number);
        for (int i = 0; i < INPUT_BYTES; i += Long.BYTES) {
            input.set(ValueLayout.JAVA_LONG, i, random.nextLong());
        }
        return input;
    }

    static long[] shape() {
        return new long[] {INPUT_BYTES};
    }

    int bytes() {
        return floats * Float.BYTES;
    }

    /** Every third input has no features. */
    static boolean isSpoken(long number) {
        return number % 3 != 2;
    }

    void write(long number, MemorySegment features) {
        SplittableRandom random = new SplittableRandom(~number);
        for (int i = 0; i < floats; i++) {
            features.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
        }
    }

    /** Valid until the next one. */
    MemorySegment features(long number) {
        write(number, features);
        return features;
    }
}
