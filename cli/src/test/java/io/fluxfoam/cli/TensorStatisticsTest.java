package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

class TensorStatisticsTest {
    @Test
    void shouldLeaveOutWhatIsNotFiniteAndCountIt() {
        float[] values = {Float.NaN, 2, 4, 4, 4, 5, 5, 7, 9, Float.POSITIVE_INFINITY};
        assertEquals(
                new TensorStatistics(10, 2, 2, 9, 5, 2),
                TensorStatistics.of(DType.F32, MemorySegment.ofArray(values)));
    }

    @Test
    void shouldReadBytesAsUnsigned() {
        byte[] values = {(byte) 255, 1};
        assertEquals(
                new TensorStatistics(2, 0, 1, 255, 128, 127),
                TensorStatistics.of(DType.U8, MemorySegment.ofArray(values)));
    }

    @Test
    void shouldReadHalfPrecision() {
        short[] values = {Float.floatToFloat16(1.5f), Float.floatToFloat16(-0.5f)};
        assertEquals(
                new TensorStatistics(2, 0, -0.5, 1.5, 0.5, 1),
                TensorStatistics.of(DType.F16, MemorySegment.ofArray(values)));
        short[] brain = {
            (short) (Float.floatToIntBits(1.5f) >>> 16),
            (short) (Float.floatToIntBits(-0.5f) >>> 16)
        };
        assertEquals(
                new TensorStatistics(2, 0, -0.5, 1.5, 0.5, 1),
                TensorStatistics.of(DType.BF16, MemorySegment.ofArray(brain)));
    }

    @Test
    void shouldHaveNoFiguresOfNothing() {
        assertEquals(
                new TensorStatistics(0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN),
                TensorStatistics.of(DType.F64, MemorySegment.ofArray(new double[0])));
    }
}
