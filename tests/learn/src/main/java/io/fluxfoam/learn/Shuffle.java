package io.fluxfoam.learn;

import java.util.SplittableRandom;

/** Orders that follow from a seed. */
final class Shuffle {
    private Shuffle() {}

    static void of(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[other];
            values[other] = value;
        }
    }
}
