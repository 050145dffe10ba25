package io.fluxfoam.student.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputShapeTest {
    @Test
    void shouldTakeInAStandardFrameAtItsOwnScale() {
        InputShape shape = InputShape.of(FrameShape.STANDARD);
        assertEquals(320, shape.windowColumns());
        assertEquals(96, shape.pictureRows());
        assertEquals(32, shape.sightRows());
        assertEquals(96, shape.sightColumns());
        assertEquals(254, shape.soundSteps());
    }

    @ParameterizedTest
    @CsvSource({"96,128", "480,640", "32,32", "2048,32", "32,2048", "2048,2048", "33,1000"})
    void shouldCostAboutTheSameWhateverThePictureIs(int height, int width) {
        InputShape shape = InputShape.of(new FrameShape(height, width, 8_000));
        assertTrue(shape.windowColumns() <= 320 && shape.windowColumns() % 8 == 0);
        assertTrue(shape.sightPixels() >= 2_048 && shape.sightPixels() <= 4_096, shape.toString());
    }
}
