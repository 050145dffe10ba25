package io.fluxfoam.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the kernels compute, on every device: against definitions written out here, not against each
 * other.
 */
public abstract class FusionContract {
    private static final long WATCHDOG_NS = 60_000_000_000L;
    private static final float EXACT = 0;
    private static final float ROUNDED = 2e-5f;

    private static final int[] OFFSETS = {0, 1008, 1040};
    private static final int[] LENGTHS = {1000, 17, 2600};
    private static final DType[] DTYPES = {DType.F32, DType.F16, DType.BF16};
    private static final int FLOATS = 1040 + 2600;

    private final List<Buffer> buffers = new ArrayList<>();
    private final Random random = new Random(7);

    protected abstract Device device();

    @AfterEach
    void freeAll() {
        buffers.forEach(Buffer::close);
    }

    private DeviceMemory allocate(long bytes) {
        Buffer buffer = device().allocate(bytes);
        buffers.add(buffer);
        return buffer.memory();
    }

    private DeviceMemory upload(MemorySegment values) {
        Buffer host = device().allocateHost(values.byteSize());
        buffers.add(host);
        host.memory().segment().copyFrom(values);
        DeviceMemory memory = allocate(values.byteSize());
        device().queue().copy(host.memory(), memory, values.byteSize());
        return memory;
    }

    private DeviceMemory upload(float... values) {
        return upload(MemorySegment.ofArray(values));
    }

    private DeviceMemory upload(double... values) {
        return upload(MemorySegment.ofArray(values));
    }

    private MemorySegment download(DeviceMemory memory) {
        Buffer host = device().allocateHost(memory.bytes());
        buffers.add(host);
        device().queue().copy(memory, host.memory(), memory.bytes());
        device().queue().await(WATCHDOG_NS);
        return host.memory().segment();
    }

    private float[] floats(DeviceMemory memory) {
        return download(memory).toArray(ValueLayout.JAVA_FLOAT);
    }

    private double[] doubles(DeviceMemory memory) {
        return download(memory).toArray(ValueLayout.JAVA_DOUBLE);
    }

    private float[] gaussian(int count, float scale, float shift) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * scale + shift;
        }
        return values;
    }

    private static MemorySegment encode(float[] values, DType dtype) {
        if (dtype == DType.F32) {
            return MemorySegment.ofArray(values.clone());
        }
        short[] encoded = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            encoded[i] =
                    dtype == DType.F16
                            ? Float.floatToFloat16(values[i])
                            : (short) (Float.floatToRawIntBits(values[i]) >>> 16);
        }
        return MemorySegment.ofArray(encoded);
    }

    private static float decoded(float value, DType dtype) {
        return switch (dtype) {
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            case BF16 -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000);
            default -> value;
        };
    }

    private FusionKernels.Gathered gathered() {
        float[] untouched = new float[FLOATS];
        java.util.Arrays.fill(untouched, -99);
        return new FusionKernels.Gathered(
                upload(untouched), upload(untouched), upload(new float[3]));
    }

    @Test
    void shouldGatherEveryTypeIntoItsRegion() {
        FusionTable table = new FusionTable(OFFSETS, LENGTHS);
        float[] mean = gaussian(FLOATS, 1, 0);
        float[] inverseScale = gaussian(FLOATS, .1f, 1);
        byte[] mask = new byte[FLOATS];
        for (int p = 0; p < FLOATS; p++) {
            mask[p] = (byte) (p % 7 == 3 ? 0 : 1);
        }
        float[] heatmap = new float[FLOATS];
        float[] weights = new float[FLOATS];
        java.util.Arrays.fill(heatmap, -99);
        java.util.Arrays.fill(weights, -99);
        for (int region = 0; region < LENGTHS.length; region++) {
            float[] values = gaussian(LENGTHS[region], 3, region);
            table.source(region, upload(encode(values, DTYPES[region])), DTYPES[region])
                    .weight(region, region + .5f);
            for (int i = 0; i < values.length; i++) {
                int p = OFFSETS[region] + i;
                float value = decoded(values[i], DTYPES[region]);
                heatmap[p] = mask[p] == 0 ? 0 : (value - mean[p]) * inverseScale[p];
                weights[p] = mask[p] == 0 ? 0 : region + .5f;
            }
        }
        FusionKernels.Gathered into = gathered();
        device().fusion()
                .gather(
                        table,
                        upload(MemorySegment.ofArray(mask)),
                        new FusionKernels.Standardization(upload(mean), upload(inverseScale)),
                        into);
        assertArrayEquals(heatmap, floats(into.heatmap()), EXACT);
        assertArrayEquals(weights, floats(into.weights()), EXACT);
    }

    @Test
    void shouldLeaveZerosForAnAbsentTeacher() {
        float[] values = gaussian(LENGTHS[0], 1, 0);
        FusionTable table =
                new FusionTable(OFFSETS, LENGTHS)
                        .source(0, upload(values), DType.F32)
                        .source(1, upload(values), DType.F32)
                        .absent(1);
        FusionKernels.Gathered into = gathered();
        device().fusion().gather(table, null, null, into);
        float[] heatmap = floats(into.heatmap());
        float[] weights = floats(into.weights());
        for (int i = 0; i < LENGTHS[0]; i++) {
            assertEquals(values[i], heatmap[i]);
            assertEquals(1, weights[i]);
        }
        for (int i = 0; i < LENGTHS[1]; i++) {
            assertEquals(0, heatmap[OFFSETS[1] + i]);
            assertEquals(0, weights[OFFSETS[1] + i]);
        }
        assertEquals(
                -99, heatmap[OFFSETS[0] + LENGTHS[0]], "what lies between regions is not written");
    }

    @Test
    void shouldLetNoNonFiniteValueIntoTheHeatmap() {
        float[] values = gaussian(LENGTHS[0], 1, 0);
        values[3] = Float.NaN;
        values[999] = Float.POSITIVE_INFINITY;
        short[] halves = new short[LENGTHS[1]];
        halves[16] = Float.floatToFloat16(Float.NEGATIVE_INFINITY);
        FusionTable table =
                new FusionTable(OFFSETS, LENGTHS)
                        .source(0, upload(values), DType.F32)
                        .source(1, upload(MemorySegment.ofArray(halves)), DType.F16);
        FusionKernels.Gathered into = gathered();
        device().fusion().gather(table, null, null, into);
        float[] heatmap = floats(into.heatmap());
        float[] weights = floats(into.weights());
        assertEquals(0, heatmap[3]);
        assertEquals(0, weights[999]);
        assertEquals(0, weights[OFFSETS[1] + 16]);
        assertEquals(values[4], heatmap[4]);
        int[] nonFinite = download(into.nonFinite()).toArray(ValueLayout.JAVA_INT);
        assertArrayEquals(new int[] {2, 1, 0}, nonFinite);
    }

    @Test
    void shouldReadEveryHalf() {
        short[] halves = new short[1 << 16];
        for (int bits = 0; bits < halves.length; bits++) {
            halves[bits] = (short) bits;
        }
        FusionTable table = new FusionTable(new int[] {0}, new int[] {halves.length});
        table.source(0, upload(MemorySegment.ofArray(halves)), DType.F16);
        DeviceMemory heatmap = allocate(4L * halves.length);
        device().fusion()
                .gather(
                        table,
                        null,
                        null,
                        new FusionKernels.Gathered(heatmap, allocate(4L * halves.length), null));
        float[] read = floats(heatmap);
        for (int bits = 0; bits < halves.length; bits++) {
            float expected = Float.float16ToFloat((short) bits);
            assertEquals(Float.isFinite(expected) ? expected : 0, read[bits], "bits=" + bits);
        }
    }

    private static final int SAMPLES = 3;
    private static final FusionKernels.LossShares SHARES =
            new FusionKernels.LossShares(.7f, .3f, 1e-6f);

    /** Loss of one region by its definition, with one prediction moved. */
    private static double lossOf(
            float[] s, float[] t, float[] v, int first, int length, int moved, double by) {
        double st = 0;
        double ss = SHARES.epsilon();
        double tt = SHARES.epsilon();
        double error = 0;
        double weight = 0;
        int present = 0;
        for (int i = first; i < first + length; i++) {
            double x = s[i] + (i == moved ? by : 0);
            st += v[i] * x * t[i];
            ss += v[i] * x * x;
            tt += v[i] * t[i] * t[i];
            error += v[i] * (x - t[i]) * (x - t[i]);
            weight += v[i];
            present += v[i] > 0 ? 1 : 0;
        }
        if (present == 0) {
            return 0;
        }
        double cosine = st / Math.sqrt(ss * tt);
        return weight
                / present
                * (SHARES.cosine() * (1 - cosine) + SHARES.meanSquares() * error / weight);
    }

    @Test
    void shouldGiveTheLossAndTheGradientOfItsDefinition() {
        float[] prediction = gaussian(SAMPLES * FLOATS, 1, .2f);
        float[] target = gaussian(SAMPLES * FLOATS, 1, 0);
        float[] weights = new float[SAMPLES * FLOATS];
        for (int i = 0; i < weights.length; i++) {
            weights[i] =
                    i / FLOATS == 1 && i % FLOATS < 1000 || i % 5 == 2
                            ? 0
                            : i % FLOATS < 1000 ? .5f : 2;
        }
        FusionTable table = new FusionTable(OFFSETS, LENGTHS);
        DeviceMemory gradient = allocate(4L * SAMPLES * FLOATS);
        DeviceMemory parts = allocate(16L * SAMPLES * LENGTHS.length);
        device().fusion()
                .loss(
                        table,
                        new FusionKernels.Batch(
                                SAMPLES,
                                FLOATS,
                                upload(prediction),
                                upload(target),
                                upload(weights)),
                        SHARES,
                        gradient,
                        parts);
        float[] losses = floats(parts);
        float[] slopes = floats(gradient);
        for (int sample = 0; sample < SAMPLES; sample++) {
            for (int region = 0; region < LENGTHS.length; region++) {
                int first = sample * FLOATS + OFFSETS[region];
                int length = LENGTHS[region];
                double loss = lossOf(prediction, target, weights, first, length, -1, 0);
                assertEquals(loss, losses[4 * (sample * LENGTHS.length + region) + 2], ROUNDED);
                for (int i = first; i < first + length; i += 7) {
                    double step = 1e-3;
                    double slope =
                            (lossOf(prediction, target, weights, first, length, i, step)
                                            - lossOf(
                                                    prediction,
                                                    target,
                                                    weights,
                                                    first,
                                                    length,
                                                    i,
                                                    -step))
                                    / (2 * step);
                    assertEquals(slope, slopes[i], 1e-6 + ROUNDED * Math.abs(slope) * 10, "i=" + i);
                }
            }
        }
        assertEquals(0, losses[4 * LENGTHS.length + 2], "a teacher that was absent costs nothing");
        assertEquals(0, slopes[1000], "what lies between regions has no gradient");
    }

    @Test
    void shouldGiveNoLossForAPredictionThatHits() {
        float[] target = gaussian(FLOATS, 1, 0);
        float[] weights = new float[FLOATS];
        java.util.Arrays.fill(weights, 1);
        DeviceMemory parts = allocate(16L * LENGTHS.length);
        FusionKernels.Batch batch =
                new FusionKernels.Batch(1, FLOATS, upload(target), upload(target), upload(weights));
        device().fusion().loss(new FusionTable(OFFSETS, LENGTHS), batch, SHARES, null, parts);
        float[] losses = floats(parts);
        for (int region = 0; region < LENGTHS.length; region++) {
            assertEquals(1, losses[4 * region], ROUNDED);
            assertEquals(0, losses[4 * region + 1], EXACT);
            assertEquals(0, losses[4 * region + 2], ROUNDED);
            assertEquals(1, losses[4 * region + 3], EXACT);
        }
    }

    @Test
    void shouldCollectTheStatisticsOfAllTokens() {
        int tokens = 23;
        int dim = 96;
        int moments = 5;
        double[] sum = new double[dim];
        double[] squares = new double[dim];
        DeviceMemory mean = upload(new double[dim]);
        DeviceMemory deviations = upload(new double[dim]);
        for (int moment = 0; moment < moments; moment++) {
            float[] values = gaussian(tokens * dim, 2, 100);
            for (int i = 0; i < values.length; i++) {
                sum[i % dim] += values[i];
                squares[i % dim] += (double) values[i] * values[i];
            }
            device().fusion()
                    .collect(
                            upload(values),
                            DType.F32,
                            tokens,
                            dim,
                            (long) moment * tokens,
                            mean,
                            deviations);
        }
        double[] means = doubles(mean);
        double[] collected = doubles(deviations);
        int rows = moments * tokens;
        for (int d = 0; d < dim; d++) {
            assertEquals(sum[d] / rows, means[d], 1e-9);
            assertEquals(squares[d] - sum[d] * sum[d] / rows, collected[d], 1e-6);
        }
    }
}
