package io.fluxfoam.sensor.vary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class SpriteTest {
    @Test
    void shouldHalveWithTransparentMargins() {
        byte[] rgba = new byte[9 * 8 * Sprite.PIXEL_BYTES];
        Arrays.fill(rgba, (byte) 200);
        Sprite.Level half = new Sprite(9, 8, rgba).level(1);
        assertEquals(5, half.width());
        assertEquals(4, half.height());
        assertEquals(7 * 6 * Sprite.PIXEL_BYTES, half.rgba().length);
        for (int y = 0; y < 6; y++) {
            for (int x = 0; x < 7; x++) {
                boolean inside = x > 0 && x < 6 && y > 0 && y < 5;
                int at = y * half.rowBytes() + x * Sprite.PIXEL_BYTES;
                assertEquals(inside ? (byte) 200 : 0, half.rgba()[at + 3], x + " " + y);
            }
        }
    }

    @Test
    void shouldTakeTheMeanOfFourPixels() {
        byte[] rgba = new byte[8 * 8 * Sprite.PIXEL_BYTES];
        rgba[0] = (byte) 255;
        rgba[Sprite.PIXEL_BYTES] = (byte) 255;
        Sprite.Level half = new Sprite(8, 8, rgba).level(1);
        assertEquals((byte) 128, half.rgba()[half.rowBytes() + Sprite.PIXEL_BYTES]);
    }

    @Test
    void shouldHaveALastLevel() {
        Sprite sprite = new Sprite(1, 1, new byte[] {1, 2, 3, 4});
        assertEquals(sprite.level(0), sprite.level(9));
    }

    @Test
    void shouldMultiplyColoursByTheOpacity() {
        Sprite straight =
                Sprite.ofStraight(2, 1, new byte[] {(byte) 200, 100, 0, (byte) 128, 9, 9, 9, 0});
        byte[] row = straight.level(0).rgba();
        assertArrayEquals(
                new byte[] {100, 50, 0, (byte) 128, 0, 0, 0, 0},
                Arrays.copyOfRange(row, straight.level(0).rowBytes() + 4, 4 * 4 + 12));
    }

    @Test
    void shouldTellAPhotographFromAThing() {
        byte[] rgba = new byte[4 * 4 * Sprite.PIXEL_BYTES];
        Arrays.fill(rgba, (byte) 255);
        assertTrue(new Sprite(4, 4, rgba).isOpaque());
        rgba[rgba.length - 1] = (byte) 254;
        assertFalse(new Sprite(4, 4, rgba).isOpaque());
    }

    @Test
    void shouldRefuseAnotherLength() {
        assertThrows(IllegalArgumentException.class, () -> new Sprite(2, 2, new byte[15]));
        assertThrows(IllegalArgumentException.class, () -> new Sprite(0, 2, new byte[0]));
    }
}
