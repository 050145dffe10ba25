package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameShapeTest {
    @Test
    void shouldSayItsShape() {
        assertEquals("320x96+40960", FrameShape.STANDARD.toString());
        assertEquals(96 * 320 * 3, FrameShape.STANDARD.pictureBytes());
        assertEquals(40_960 * 4, FrameShape.STANDARD.soundBytes());
    }

    @ParameterizedTest
    @CsvSource({"31,320,40960", "96,2049,40960", "96,320,7999", "96,320,160001", "0,0,0"})
    void shouldRefuseWhatNoFrameIs(int height, int width, int soundSamples) {
        assertThrows(
                IllegalArgumentException.class, () -> new FrameShape(height, width, soundSamples));
    }
}
