package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.student.Scenery;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

class PictureNormTest {
    private final PictureNorm norm = new PictureNorm(FrameShape.STANDARD);

    private float[] band(byte[] rgb, int shift) {
        float[] band = new float[(int) Scenery.SHAPE.windowBytes() / Float.BYTES];
        norm.normalize(MemorySegment.ofArray(rgb), shift, MemorySegment.ofArray(band));
        return band;
    }

    /**
     * Gray ground with a bar of another gray over rows {@code top..top+9} and columns 100 to 199.
     */
    private static byte[] bar(int ground, int ink, int top) {
        byte[] rgb = new byte[FrameShape.STANDARD.pictureBytes()];
        Arrays.fill(rgb, (byte) ground);
        for (int y = top; y < top + 10; y++) {
            int from = (y * 320 + 100) * 3;
            Arrays.fill(rgb, from, from + 300, (byte) ink);
        }
        return rgb;
    }

    @Test
    void shouldCutABandOfFortyEightRowsAroundTheText() {
        float[] band = band(bar(200, 20, 60), 0);
        int first = firstInkRow(band);
        assertEquals(60 - (64 - 24), first, 1);
        assertTrue(band[first * 320 + 150] > 3);
        assertEquals(0, band[first * 320 + 50]);
    }

    @Test
    void shouldMoveTheBandByTheShiftButStayInThePicture() {
        int middle = firstInkRow(band(bar(200, 20, 45), 0));
        assertEquals(middle - 4, firstInkRow(band(bar(200, 20, 45), 4)));
        assertEquals(middle + 4, firstInkRow(band(bar(200, 20, 45), -4)));
        assertEquals(2, firstInkRow(band(bar(200, 20, 2), -4)));
        assertEquals(84 - 48, firstInkRow(band(bar(200, 20, 84), 4)));
    }

    @Test
    void shouldNotTellPolarity() {
        assertArrayEquals(band(bar(30, 210, 40), 0), band(bar(210, 30, 40), 0), 1e-6f);
    }

    @Test
    void shouldNotTellBrightness() {
        assertArrayEquals(band(bar(50, 150, 40), 0), band(bar(100, 200, 40), 0), 1e-6f);
    }

    @Test
    void shouldStayFiniteOnABlankPicture() {
        float[] band = band(new byte[FrameShape.STANDARD.pictureBytes()], 0);
        assertArrayEquals(new float[band.length], band);
    }

    @Test
    void shouldSeeColouredText() {
        byte[] rgb = bar(0, 0, 0);
        for (int y = 40; y < 50; y++) {
            for (int x = 100; x < 200; x++) {
                rgb[(y * 320 + x) * 3] = (byte) 220;
            }
        }
        assertEquals(40 - (45 - 24), firstInkRow(band(rgb, 0)), 1);
    }

    private static int firstInkRow(float[] band) {
        for (int i = 0; i < band.length; i++) {
            if (band[i] > 1) {
                return i / 320;
            }
        }
        return -1;
    }
}
