package io.fluxfoam.teacher.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class ColumnsTest {
    private static float[] resample(float[] source, int steps, int target, int channels) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate((long) target * channels * Float.BYTES, Float.BYTES);
            out.fill((byte) 77);
            Columns.resample(
                    arena.allocateFrom(ValueLayout.JAVA_FLOAT, source),
                    steps,
                    out,
                    target,
                    channels);
            return out.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    @Test
    void shouldAverageOverTheIntervalThatAColumnCovers() {
        // 3 steps into 2 columns: each column covers one step and half of the middle one
        assertArrayEquals(
                new float[] {2, 20, 8, 80},
                resample(new float[] {0, 0, 6, 60, 9, 90}, 3, 2, 2),
                1e-4f);
    }

    @Test
    void shouldRepeatStepsWhenThereAreFewerThanColumns() {
        assertArrayEquals(new float[] {1, 1, 5, 5}, resample(new float[] {1, 5}, 2, 4, 1), 1e-6f);
    }

    @Test
    void shouldCopyWhenLengthsAgree() {
        assertArrayEquals(new float[] {1, 2, 3}, resample(new float[] {1, 2, 3}, 3, 3, 1));
    }
}
