package io.fluxfoam.teacher.whisper;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The signal of the reference values: six sines, computed in double, stored as float. */
final class Tones {
    private static final double[][] AMPLITUDE_HZ_PHASE = {
        {0.30, 220, 0},
        {0.20, 440.5, 0.3},
        {0.10, 1000, 0.6},
        {0.08, 2345, 0.9},
        {0.05, 5000, 1.2},
        {0.02, 7321, 1.5}
    };

    private Tones() {}

    static MemorySegment of(int samples, Arena arena) {
        MemorySegment sound = arena.allocate((long) samples * Float.BYTES, Float.BYTES);
        for (int n = 0; n < samples; n++) {
            double sum = 0;
            for (double[] tone : AMPLITUDE_HZ_PHASE) {
                sum += tone[0] * Math.sin(2 * Math.PI * tone[1] * n / 16_000 + tone[2]);
            }
            sound.setAtIndex(ValueLayout.JAVA_FLOAT, n, (float) sum);
        }
        return sound;
    }
}
