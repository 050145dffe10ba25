package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Random;

class HeadCorrectionTest {
    private static final int DIM = 4;
    private static final int TOKENS = 3;
    private static final int COLUMNS = 16;

    private static Statistics statistics(long seed, double scale, double offset) {
        Standardizer standardizer = new Standardizer(DIM);
        Random random = new Random(seed);
        for (int m = 0; m < 64; m++) {
            float[] values = new float[TOKENS * DIM];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (offset + scale * (1 + i % DIM) * random.nextGaussian());
            }
            standardizer.collect(MemorySegment.ofArray(values));
        }
        return standardizer.statistics();
    }

    /**
     * One head row per dimension (shared by tokens), or one per token and dimension: both must keep
     * their prediction.
     */
    @Test
    void shouldKeepTheDestandardisedPrediction() {
        Statistics before = statistics(1, .3, 5);
        Statistics after = statistics(2, 2.5, -40);
        for (int rows : new int[] {DIM, TOKENS * DIM}) {
            Random random = new Random(3);
            float[] weight = floats(random, rows * COLUMNS);
            float[] bias = floats(random, rows);
            float[] features = floats(random, COLUMNS);
            double[] old = predict(weight, bias, features, before);
            HeadCorrection.between(before, after)
                    .apply(MemorySegment.ofArray(weight), MemorySegment.ofArray(bias));
            double[] corrected = predict(weight, bias, features, after);
            for (int r = 0; r < rows; r++) {
                assertEquals(old[r], corrected[r], 1e-5 * Math.max(1, Math.abs(old[r])));
            }
        }
    }

    @Test
    void shouldChangeNothingWhenStatisticsStay() {
        Statistics same = statistics(4, 1, 0);
        float[] weight = floats(new Random(5), DIM * COLUMNS);
        float[] bias = floats(new Random(6), DIM);
        float[] weightBefore = weight.clone();
        HeadCorrection.between(same, same)
                .apply(MemorySegment.ofArray(weight), MemorySegment.ofArray(bias));
        assertArrayEquals(weightBefore, weight);
    }

    @Test
    void shouldRefuseAnotherNumberOfDimensions() {
        assertThrows(
                IllegalArgumentException.class,
                () -> HeadCorrection.between(Statistics.identity(3), Statistics.identity(4)));
        HeadCorrection correction =
                HeadCorrection.between(Statistics.identity(4), Statistics.identity(4));
        MemorySegment bias = MemorySegment.ofArray(new float[6]);
        MemorySegment weight = MemorySegment.ofArray(new float[12]);
        assertThrows(IllegalArgumentException.class, () -> correction.apply(weight, bias));
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double[] predict(
            float[] weight, float[] bias, float[] features, Statistics statistics) {
        double[] prediction = new double[bias.length];
        for (int r = 0; r < bias.length; r++) {
            double z = bias[r];
            for (int c = 0; c < COLUMNS; c++) {
                z += weight[r * COLUMNS + c] * features[c];
            }
            prediction[r] = z * statistics.scale(r % DIM) + statistics.mean(r % DIM);
        }
        return prediction;
    }
}
