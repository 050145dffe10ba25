package io.fluxfoam.teacher.whisper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Against values of an independent implementation (numpy); see docs/MODELS.md. */
class LogMelTest {
    private static final int BANDS = 80;

    private static float[] logMel(MemorySegment sound, Arena arena) {
        MemorySegment target =
                arena.allocate((long) BANDS * LogMel.FRAMES * Float.BYTES, Float.BYTES);
        new LogMel(BANDS).compute(sound, target);
        return target.toArray(ValueLayout.JAVA_FLOAT);
    }

    private static double mean(float[] values, int[] indices) {
        return Arrays.stream(indices).mapToDouble(i -> values[i]).average().orElseThrow();
    }

    private static void assertGolden(String resource, float... actual) throws IOException {
        try (InputStream golden = LogMelTest.class.getResourceAsStream(resource)) {
            new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> {
                        String[] fields = line.split("\t");
                        int index =
                                Integer.parseInt(fields[0]) * LogMel.FRAMES
                                        + Integer.parseInt(fields[1]);
                        assertEquals(Float.parseFloat(fields[2]), actual[index], 2e-5f, line);
                    });
        }
    }

    @Test
    void shouldEqualReferenceValues() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            float[] actual = logMel(Tones.of(16_000, arena), arena);
            assertGolden("logmel-golden.tsv", actual);
            int[] all = IntStream.range(0, actual.length).toArray();
            int[] firstHundred = Arrays.stream(all).filter(i -> i % LogMel.FRAMES < 100).toArray();
            assertEquals(-0.6799377799, mean(actual, all), 1e-5);
            assertEquals(-0.1683245003, mean(actual, firstHundred), 1e-5);
        }
    }

    @Test
    void shouldMirrorTheEndOfThirtySeconds() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            assertGolden("logmel-30s-golden.tsv", logMel(Tones.of(480_000, arena), arena));
        }
    }

    @Test
    void shouldLeaveOutWhatIsBehindThirtySeconds() {
        try (Arena arena = Arena.ofConfined()) {
            float[] full = logMel(Tones.of(480_000, arena), arena);
            assertArrayEquals(full, logMel(Tones.of(500_000, arena), arena));
        }
    }

    @Test
    void shouldBeOneConstantForSilence() {
        try (Arena arena = Arena.ofConfined()) {
            float[] silence = logMel(arena.allocate(16_000 * Float.BYTES, Float.BYTES), arena);
            for (float value : silence) {
                assertEquals(-1.5f, value);
            }
        }
    }

    @Test
    void shouldHaveFiltersOfUnitArea() {
        MelBank bank = new MelBank(BANDS);
        double[] flat = new double[MelBank.BINS];
        Arrays.fill(flat, 1);
        double sum = 0;
        int nonZero = 0;
        for (int band = 0; band < bank.bands(); band++) {
            sum += bank.energy(band, flat);
            for (int bin = 0; bin < MelBank.BINS; bin++) {
                double[] single = new double[MelBank.BINS];
                single[bin] = 1;
                nonZero += bank.energy(band, single) > 0 ? 1 : 0;
            }
        }
        assertEquals(1.9990241056, sum, 1e-8);
        assertEquals(391, nonZero);
    }
}
