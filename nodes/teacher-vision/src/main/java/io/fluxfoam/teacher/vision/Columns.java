package io.fluxfoam.teacher.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Resamples a sequence to another length: each target is the mean of the source over the interval
 * it covers.
 */
final class Columns {
    private Columns() {}

    /**
     * Resamples.
     *
     * @param source f32 [sourceSteps, channels]
     * @param target f32 [targetSteps, channels], overwritten
     */
    static void resample(
            MemorySegment source,
            int sourceSteps,
            MemorySegment target,
            int targetSteps,
            int channels) {
        target.fill((byte) 0);
        for (int column = 0; column < targetSteps; column++) {
            double from = (double) column * sourceSteps / targetSteps;
            double to = (double) (column + 1) * sourceSteps / targetSteps;
            for (int step = (int) from; step < to; step++) {
                float weight =
                        (float) ((Math.min(to, step + 1) - Math.max(from, step)) / (to - from));
                add(
                        source,
                        (long) step * channels,
                        weight,
                        target,
                        (long) column * channels,
                        channels);
            }
        }
    }

    private static void add(
            MemorySegment source,
            long sourceIndex,
            float weight,
            MemorySegment target,
            long targetIndex,
            int count) {
        for (int i = 0; i < count; i++) {
            float sum =
                    target.getAtIndex(ValueLayout.JAVA_FLOAT, targetIndex + i)
                            + weight * source.getAtIndex(ValueLayout.JAVA_FLOAT, sourceIndex + i);
            target.setAtIndex(ValueLayout.JAVA_FLOAT, targetIndex + i, sum);
        }
    }
}
