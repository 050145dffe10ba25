package io.fluxfoam.student.replay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Takes a sound window, f32 {@code [samples]}, into the student's memory, limited to its range of
 * [-1, 1].
 */
public final class SoundNorm {
    private SoundNorm() {}

    /**
     * Reads the samples in place and writes the limited ones.
     *
     * @return whether all samples are finite; if not, what was written must not be used
     */
    public static boolean normalize(MemorySegment samples, MemorySegment limited) {
        boolean finite = true;
        long count = samples.byteSize() / Float.BYTES;
        for (long i = 0; i < count; i++) {
            float sample = samples.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            finite &= Float.isFinite(sample);
            limited.setAtIndex(ValueLayout.JAVA_FLOAT, i, Math.clamp(sample, -1f, 1f));
        }
        return finite;
    }
}
