package io.fluxfoam.sensor.vary;

import java.util.SplittableRandom;

/** Normally distributed numbers, drawn once: a frame wants a hundred thousand of them. */
final class Grain {
    /** How many there are; a power of two. */
    static final int COUNT = 1 << 16;

    private static final int MASK = COUNT - 1;
    private static final long SEED = 5;
    private static final float[] NORMAL = new float[COUNT];

    static {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < COUNT; i++) {
            NORMAL[i] = (float) random.nextGaussian();
        }
    }

    private Grain() {}

    /** The number of this index, which may be any. */
    static float at(int index) {
        return NORMAL[index & MASK];
    }
}
