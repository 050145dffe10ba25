package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class StandardizerTest {
    private static final int TOKENS = 5;
    private static final int DIM = 6;

    /** Dimension d has mean 10 d and deviation d + 1; dimension 3 is dead. */
    private static float[] moment(Random random) {
        float[] values = new float[TOKENS * DIM];
        for (int i = 0; i < values.length; i++) {
            int d = i % DIM;
            values[i] = d == 3 ? 7 : (float) (10 * d + (d + 1) * random.nextGaussian());
        }
        return values;
    }

    private static Standardizer collected(int moments, long seed) {
        Standardizer standardizer = new Standardizer(DIM);
        Random random = new Random(seed);
        for (int m = 0; m < moments; m++) {
            standardizer.collect(MemorySegment.ofArray(moment(random)));
        }
        return standardizer;
    }

    private static float[] standardized(Statistics statistics, float[] values) {
        float[] result = new float[values.length];
        assertTrue(
                statistics.standardize(
                        MemorySegment.ofArray(values), MemorySegment.ofArray(result), 0));
        return result;
    }

    @Test
    void shouldBeIdentityUntilSixtyFourMoments() {
        Standardizer standardizer = collected(63, 1);
        assertFalse(standardizer.statistics().usable());
        float[] values = moment(new Random(5));
        assertArrayEquals(values, standardized(standardizer.statistics(), values));
        assertTrue(standardizer.collect(MemorySegment.ofArray(values)));
        assertTrue(standardizer.statistics().usable());
        assertEquals(64, standardizer.statistics().moments());
    }

    @Test
    void shouldBeRefinedAtFewFixedPointsThenFrozen() {
        Standardizer standardizer = new Standardizer(DIM);
        Random random = new Random(2);
        List<Integer> refinedAt = new ArrayList<>();
        for (int m = 1; m <= 1500; m++) {
            if (standardizer.collect(MemorySegment.ofArray(moment(random)))) {
                refinedAt.add(m);
                assertEquals(refinedAt.size(), standardizer.statistics().version());
            }
        }
        assertEquals(List.of(64, 128, 256, 512, 1024), refinedAt);
        assertTrue(standardizer.frozen());
    }

    @Test
    void shouldMatchTwoPassMeanAndDeviation() {
        int moments = 64;
        Random random = new Random(3);
        double[][] rows = new double[moments * TOKENS][DIM];
        Standardizer standardizer = new Standardizer(DIM);
        for (int m = 0; m < moments; m++) {
            float[] values = moment(random);
            for (int i = 0; i < values.length; i++) {
                rows[m * TOKENS + i / DIM][i % DIM] = values[i];
            }
            standardizer.collect(MemorySegment.ofArray(values));
        }
        for (int d = 0; d < DIM; d++) {
            int dim = d;
            double mean = Arrays.stream(rows).mapToDouble(row -> row[dim]).average().orElseThrow();
            double variance =
                    Arrays.stream(rows)
                            .mapToDouble(row -> Math.pow(row[dim] - mean, 2))
                            .average()
                            .orElseThrow();
            assertEquals(mean, standardizer.statistics().mean(d), 1e-9);
            if (d != 3) {
                assertEquals(Math.sqrt(variance), standardizer.statistics().scale(d), 1e-9);
            }
        }
    }

    @Test
    void shouldGiveZerosForADeadDimension() {
        Statistics statistics = collected(64, 4).statistics();
        double meanScale = 0;
        for (int d = 0; d < DIM; d++) {
            meanScale += d == 3 ? 0 : statistics.scale(d) / DIM;
        }
        assertEquals(.05 * meanScale, statistics.scale(3), 1e-12);
        assertEquals(0, standardized(statistics, moment(new Random(6)))[3]);
    }

    @Test
    void shouldStayFiniteWhenNothingEverMoves() {
        Standardizer standardizer = new Standardizer(2);
        for (int m = 0; m < 64; m++) {
            standardizer.collect(MemorySegment.ofArray(new float[] {3, -4}));
        }
        assertArrayEquals(
                new float[] {0, 0}, standardized(standardizer.statistics(), new float[] {3, -4}));
    }

    @Test
    void shouldGiveBackTheTeachersUnits() {
        Statistics statistics = collected(64, 5).statistics();
        float[] values = moment(new Random(7));
        float[] back = new float[values.length];
        statistics
                .scaling()
                .destandardize(
                        MemorySegment.ofArray(standardized(statistics, values)),
                        MemorySegment.ofArray(back),
                        0);
        assertArrayEquals(values, back, 1e-4f);
    }

    @Test
    void shouldWriteFromTheGivenIndexOnly() {
        float[] target = new float[DIM + 2];
        Arrays.fill(target, 9);
        Statistics.identity(DIM)
                .standardize(
                        MemorySegment.ofArray(new float[DIM]), MemorySegment.ofArray(target), 1);
        assertArrayEquals(new float[] {9, 0, 0, 0, 0, 0, 0, 9}, target);
    }

    @Test
    void shouldTellValuesThatAreNotFinite() {
        Statistics statistics = collected(64, 6).statistics();
        for (float bad :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] values = moment(new Random(8));
            values[11] = bad;
            MemorySegment target = MemorySegment.ofArray(new float[values.length]);
            assertFalse(statistics.standardize(MemorySegment.ofArray(values), target, 0));
        }
    }

    @Test
    void shouldTellValuesThatNoTeacherOfTheseStatisticsGives() {
        float[] values = moment(new Random(8));
        values[11] = 1e9f;
        MemorySegment source = MemorySegment.ofArray(values);
        MemorySegment target = MemorySegment.ofArray(new float[values.length]);
        assertTrue(Statistics.identity(DIM).standardize(source, target, 0), "nothing is known yet");
        assertFalse(collected(64, 6).statistics().standardize(source, target, 0));
    }

    @Test
    void shouldRefuseAPayloadThatIsNoWholeNumberOfRows() {
        MemorySegment short1 = MemorySegment.ofArray(new float[DIM - 1]);
        IllegalArgumentException refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Statistics.identity(DIM).standardize(short1, short1, 0));
        assertEquals("payloadBytes=20 is no whole number of rows of dim=6", refusal.getMessage());
    }

    @Test
    void shouldReexpressAsIfStandardizedAnew() {
        Standardizer standardizer = collected(64, 9);
        Statistics old = standardizer.statistics();
        float[] values = moment(new Random(10));
        float[] early = standardized(old, values);
        float[] raw = standardized(Statistics.identity(DIM), values);
        Random shifted = new Random(11);
        for (int m = 0; m < 64; m++) {
            float[] moved = moment(shifted);
            for (int i = 0; i < moved.length; i++) {
                moved[i] = 3 * moved[i] - 20;
            }
            standardizer.collect(MemorySegment.ofArray(moved));
        }
        Statistics now = standardizer.statistics();
        assertNotSame(old, now);
        now.reexpress(MemorySegment.ofArray(early), old);
        now.reexpress(MemorySegment.ofArray(raw), Statistics.identity(DIM));
        assertArrayEquals(standardized(now, values), early, 1e-5f);
        assertArrayEquals(standardized(now, values), raw, 1e-5f);
    }

    @Test
    void shouldNotDependOnTheTeachersScaleAndOffset() {
        Random random = new Random(12);
        Standardizer plain = new Standardizer(DIM);
        Standardizer scaled = new Standardizer(DIM);
        float[] values = null;
        float[] large = null;
        for (int m = 0; m < 1024; m++) {
            values = moment(random);
            large = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                large[i] = values[i] * 1e3f + 1e2f;
            }
            plain.collect(MemorySegment.ofArray(values));
            scaled.collect(MemorySegment.ofArray(large));
        }
        assertArrayEquals(
                standardized(plain.statistics(), values),
                standardized(scaled.statistics(), large),
                1e-4f);
    }

    @Test
    void shouldGoOnFromSavedStatistics() throws IOException {
        Standardizer whole = collected(64, 13);
        Standardizer resumed = new Standardizer(reread(whole.statistics()));
        assertFalse(resumed.frozen());
        Random one = new Random(14);
        Random two = new Random(14);
        for (int m = 0; m < 64; m++) {
            whole.collect(MemorySegment.ofArray(moment(one)));
            resumed.collect(MemorySegment.ofArray(moment(two)));
        }
        assertEquals(128, resumed.statistics().moments());
        for (int d = 0; d < DIM; d++) {
            assertEquals(whole.statistics().mean(d), resumed.statistics().mean(d));
            assertEquals(whole.statistics().scale(d), resumed.statistics().scale(d));
        }
    }

    @Test
    void shouldStayFrozenWhenResumed() throws IOException {
        Standardizer standardizer = new Standardizer(reread(collected(1024, 15).statistics()));
        Statistics before = standardizer.statistics();
        assertTrue(standardizer.frozen());
        assertFalse(standardizer.collect(MemorySegment.ofArray(moment(new Random(16)))));
        assertSame(before, standardizer.statistics());
    }

    @Test
    void shouldRefuseBytesThatAreNoStatistics() {
        assertThrows(IOException.class, () -> Statistics.readFrom(ByteBuffer.allocate(64)));
        assertThrows(IOException.class, () -> Statistics.readFrom(ByteBuffer.allocate(3)));
        ByteBuffer cut = bytes(collected(64, 1).statistics());
        assertThrows(IOException.class, () -> Statistics.readFrom(cut.limit(cut.limit() - 1)));
    }

    @Test
    void shouldRefuseAVersionThatNobodyWrites() throws IOException {
        ByteBuffer forged = bytes(collected(64, 1).statistics());
        forged.putInt(0, Standardizer.LAST_VERSION + 1);
        IOException refusal = assertThrows(IOException.class, () -> Statistics.readFrom(forged));
        assertTrue(
                refusal.getMessage().startsWith("not statistics: version=6 "),
                refusal.getMessage());
    }

    private static ByteBuffer bytes(Statistics statistics) {
        ByteBuffer bytes = ByteBuffer.allocate(Statistics.bytes(statistics.dim()));
        statistics.writeTo(bytes);
        return bytes.flip();
    }

    private static Statistics reread(Statistics statistics) throws IOException {
        return Statistics.readFrom(bytes(statistics));
    }

    @Test
    void shouldReadInPlaceFromUnalignedMemory() {
        byte[] bytes = new byte[DIM * Float.BYTES + 1];
        MemorySegment odd = MemorySegment.ofArray(bytes).asSlice(1);
        odd.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 2, 5f);
        float[] target = new float[DIM];
        Statistics.identity(DIM).standardize(odd, MemorySegment.ofArray(target), 0);
        assertEquals(5f, target[2]);
    }
}
