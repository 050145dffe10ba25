package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HeatmapTagTest {
    @Test
    void shouldReadWhatItWrote() {
        HeatmapTag tag = new HeatmapTag(7, 1_032, 2_048);
        assertEquals(tag, HeatmapTag.of(tag.bits()));
        assertEquals(new HeatmapTag(3, 0, 0), HeatmapTag.of(3));
    }
}
