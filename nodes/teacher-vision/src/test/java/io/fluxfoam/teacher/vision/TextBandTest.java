package io.fluxfoam.teacher.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class TextBandTest {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 32;

    private final TextBand band = new TextBand(WIDTH, HEIGHT);
    private final MemorySegment map =
            Arena.ofAuto().allocate(WIDTH * HEIGHT * Float.BYTES, Float.BYTES);

    private void paint(int left, int top, int width, int height, float probability) {
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                map.setAtIndex(ValueLayout.JAVA_FLOAT, y * WIDTH + x, probability);
            }
        }
    }

    @Test
    void shouldGrowBoxByItsAreaOverItsPerimeter() {
        paint(10, 12, 40, 5, 0.9f);
        assertTrue(band.find(map));
        // 40 * 5 * 1.6 / 90 = 3.56 rows on either side
        assertEquals(8, band.fromRow());
        assertEquals(20, band.toRow());
    }

    @Test
    void shouldSpanAllBoxes() {
        paint(2, 4, 20, 3, 0.9f);
        paint(40, 22, 20, 3, 0.9f);
        assertTrue(band.find(map));
        assertEquals(1, band.fromRow());
        assertEquals(27, band.toRow());
    }

    @Test
    void shouldStayInsideThePicture() {
        paint(0, 0, WIDTH, HEIGHT, 0.9f);
        assertTrue(band.find(map));
        assertEquals(0, band.fromRow());
        assertEquals(HEIGHT, band.toRow());
    }

    @Test
    void shouldFindNothingInUnsureOrTinyOrUnlikelySpots() {
        paint(0, 0, 20, 5, 0.4f);
        paint(30, 10, 20, 2, 0.9f);
        paint(0, 20, 20, 5, 0.3f);
        assertFalse(band.find(map));
    }

    @Test
    void shouldForgetTheMapBefore() {
        paint(10, 12, 40, 5, 0.9f);
        assertTrue(band.find(map));
        paint(0, 0, WIDTH, HEIGHT, 0);
        assertFalse(band.find(map));
    }
}
