package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.RegionScaling;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

class UtteranceGalleryTest {
    private final UtteranceGallery gallery = new UtteranceGallery();
    private RegionScaling scaling;

    @BeforeEach
    void fill() {
        gallery.add("kite", new float[] {0, 0, 1, 0});
        gallery.add("drum", new float[] {0, 8, 0, 8});
        gallery.add("boat", new float[] {4, 0, 4, 0});
        HeatmapLayout layout = HeatmapLayout.EMPTY.append("voice", 2, 2);
        MemorySegment values = MemorySegment.ofArray(new float[] {0, 0, 0, 0, 1, 10, 1, 10});
        scaling =
                HeatmapScaling.read(layout, layout.version(), values)
                        .orElseThrow()
                        .of(layout.regions().getFirst())
                        .orElseThrow();
    }

    @Test
    void shouldTellWhichIsNearestInTheScaleOfEachBand() {
        float[] heard = {0, 7, 1, 0}; // the second band hardly counts
        assertEquals(1, gallery.nearness(heard, scaling).credit("kite", gallery.captions()));
        assertEquals(0, gallery.nearness(heard, scaling).credit("drum", gallery.captions()));
        assertEquals(1, gallery.nearness(heard, scaling).credit("drum", List.of("drum", "boat")));
    }

    @Test
    void shouldShareWhatSoundsTheSame() {
        gallery.add("kyte", new float[] {0, 0, 1, 0});
        assertEquals(
                .5, gallery.nearness(new float[4], scaling).credit("kite", gallery.captions()));
    }

    @Test
    void shouldGiveNothingForWhatIsOfAnotherLengthOrUnknown() {
        assertEquals(0, gallery.nearness(new float[6], scaling).credit("kite", gallery.captions()));
        assertEquals(0, gallery.nearness(new float[4], scaling).credit("lamp", gallery.captions()));
    }

    @Test
    void shouldSayWhatAParrotSays() {
        assertEquals(null, gallery.parrot("kite", Set.of("lamp"), scaling));
        assertEquals(null, gallery.parrot("lamp", Set.of("boat"), scaling));
        float[] parrot = gallery.parrot("kite", Set.of("boat", "drum"), scaling);
        assertArrayEquals(new float[] {0, 8, 0, 8}, parrot);
        assertEquals((.64 + 1 + .64) / 4, gallery.nearness(parrot, scaling).of("kite"), 1e-6);
        assertEquals(1, gallery.nearness(parrot, scaling).credit("kite", List.of("kite", "boat")));
        assertEquals(0, gallery.nearness(parrot, scaling).credit("kite", gallery.captions()));
    }

    @Test
    void shouldForgetWhatWasNotReadForLongest() {
        for (int i = 0; i < 1_022; i++) {
            gallery.add("caption " + i, new float[4]);
        }
        assertFalse(gallery.hasAll(List.of("kite")));
        assertTrue(gallery.hasAll(List.of("drum", "boat", "caption 1021")));
    }

    @Test
    void shouldSayNothingOfFewUtterancesAndForgetOldOnes() {
        SpokenScores scores = new SpokenScores();
        for (int i = 0; i < 19; i++) {
            scores.add(0, 0, Double.NaN);
            assertTrue(Double.isNaN(scores.spoken()) && Double.isNaN(scores.spokenOfAll()));
        }
        scores.add(1, 0, Double.NaN);
        assertEquals(.05, scores.spoken(), 1e-12);
        assertEquals(0, scores.spokenOfAll());
        for (int i = 0; i < 99; i++) {
            scores.add(1, .5, 1);
        }
        assertEquals(1, scores.spoken());
        assertEquals(.495, scores.spokenOfAll(), 1e-12);
        assertEquals(1, scores.spokenExactly(), "of those that are known");
    }
}
