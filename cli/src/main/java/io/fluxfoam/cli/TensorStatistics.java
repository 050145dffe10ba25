package io.fluxfoam.cli;

import io.fluxfoam.tensor.DType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/**
 * Smallest, largest, mean and standard deviation of a tensor's finite elements, and how many are
 * not finite.
 *
 * @param elements all of them
 * @param notFinite NaN or infinite ones
 */
record TensorStatistics(
        long elements, long notFinite, double min, double max, double mean, double deviation) {

    static TensorStatistics of(DType dtype, MemorySegment bytes) {
        long elements = bytes.byteSize() / dtype.bytes();
        long finite = 0;
        double min = Double.NaN;
        double max = Double.NaN;
        double mean = 0;
        double squares = 0;
        for (long i = 0; i < elements; i++) {
            double value = element(dtype, bytes, i);
            if (!Double.isFinite(value)) {
                continue;
            }
            finite++;
            min = finite == 1 ? value : Math.min(min, value);
            max = finite == 1 ? value : Math.max(max, value);
            double before = value - mean;
            mean += before / finite;
            squares += before * (value - mean);
        }
        boolean none = finite == 0;
        return new TensorStatistics(
                elements,
                elements - finite,
                min,
                max,
                none ? Double.NaN : mean,
                none ? Double.NaN : Math.sqrt(squares / finite));
    }

    private static double element(DType dtype, MemorySegment bytes, long index) {
        return switch (dtype) {
            case U8 -> bytes.get(ValueLayout.JAVA_BYTE, index) & 0xff;
            case I32 -> bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * index);
            case I64 -> bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 8 * index);
            case F16 ->
                    Float.float16ToFloat(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index));
            case BF16 ->
                    Float.intBitsToFloat(
                            bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index) << 16);
            case F32 -> bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * index);
            case F64 -> bytes.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * index);
        };
    }

    @Override
    public String toString() {
        String figures =
                String.format(
                        Locale.ROOT,
                        "min %.4g max %.4g mean %.4g deviation %.4g",
                        min,
                        max,
                        mean,
                        deviation);
        return notFinite == 0 ? figures : figures + " not finite " + notFinite + " of " + elements;
    }
}
