package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

class HeatmapScalingTest {
    private static final HeatmapLayout LAYOUT =
            HeatmapLayout.EMPTY.append("vision", 2, 3).append("language", 1, 4);

    /** Of vision a lot is known, of language nothing. */
    private static final HeatmapScaling SCALING =
            new HeatmapStatistics(LAYOUT, List.of(seen(3), Statistics.identity(4))).scaling();

    private static Statistics seen(int dim) {
        Standardizer standardizer = new Standardizer(dim);
        for (int moment = 0; !standardizer.statistics().usable(); moment++) {
            float[] values = new float[dim];
            for (int d = 0; d < dim; d++) {
                values[d] = 10 * d + (moment % 2 == 0 ? 1 : -1) * (d + 1);
            }
            standardizer.collect(MemorySegment.ofArray(values));
        }
        return standardizer.statistics();
    }

    private static float[] written() {
        float[] values = new float[2 * LAYOUT.floats()];
        SCALING.write(MemorySegment.ofArray(values));
        return values;
    }

    private static HeatmapScaling read(long version, float[] values) {
        return HeatmapScaling.read(LAYOUT, version, MemorySegment.ofArray(values)).orElse(null);
    }

    @Test
    void shouldReadWhatItWroteAndTellWhatIsNotKnown() {
        HeatmapScaling read = read(LAYOUT.version(), written());
        RegionScaling vision = read.of(LAYOUT.find("vision").orElseThrow()).orElseThrow();
        for (int d = 0; d < 3; d++) {
            assertEquals((float) seen(3).mean(d), vision.mean(d));
            assertEquals((float) seen(3).scale(d), vision.scale(d));
        }
        assertTrue(read.of(LAYOUT.find("language").orElseThrow()).isEmpty());
        assertArrayEquals(written(), written(read));
    }

    private static float[] written(HeatmapScaling scaling) {
        float[] values = new float[2 * LAYOUT.floats()];
        scaling.write(MemorySegment.ofArray(values));
        return values;
    }

    @Test
    void shouldPutBackWhatItStandardized() {
        Region vision = LAYOUT.regions().getFirst();
        float[] ours = {-3, 12, 99, 4, 5, 6};
        float[] standardized = new float[LAYOUT.floats()];
        double[] z = SCALING.of(vision).orElseThrow().standardize(ours);
        for (int i = 0; i < z.length; i++) {
            standardized[vision.offset() + i] = (float) z[i];
        }
        standardized[LAYOUT.regions().getLast().offset()] = 1; // not known: zero in the end
        MemorySegment heatmap = MemorySegment.ofArray(new float[LAYOUT.floats()]);
        SCALING.destandardize(MemorySegment.ofArray(standardized), heatmap);
        float[] expected = new float[LAYOUT.floats()];
        System.arraycopy(ours, 0, expected, vision.offset(), ours.length);
        assertArrayEquals(expected, heatmap.toArray(ValueLayout.JAVA_FLOAT), 1e-4f);
    }

    @Test
    void shouldStandardizeAlikeInMemoryAndOnTheHeap() {
        RegionScaling vision = SCALING.of(LAYOUT.regions().getFirst()).orElseThrow();
        float[] values = {1, -2, 3, 40, 50, 60};
        float[] inMemory = new float[values.length];
        vision.standardize(MemorySegment.ofArray(values), MemorySegment.ofArray(inMemory), 0, 1e4f);
        double[] onTheHeap = vision.standardize(values);
        for (int i = 0; i < values.length; i++) {
            assertEquals((float) onTheHeap[i], inMemory[i]);
        }
    }

    @Test
    void shouldNotReadWhatIsOfAnotherLayout() {
        assertEquals(null, read(LAYOUT.version() - 1, written()));
        assertEquals(null, read(LAYOUT.version(), new float[2 * LAYOUT.floats() - 1]));
    }

    @Test
    void shouldRefuseNumbersThatMakeNoSense() {
        for (float nonsense : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] mean = written();
            mean[0] = nonsense;
            assertThrows(IllegalArgumentException.class, () -> read(LAYOUT.version(), mean));
        }
        float[] scale = written();
        scale[LAYOUT.floats()] = -1;
        assertThrows(IllegalArgumentException.class, () -> read(LAYOUT.version(), scale));
    }
}
