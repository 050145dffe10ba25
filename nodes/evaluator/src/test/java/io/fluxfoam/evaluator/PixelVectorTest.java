package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

class PixelVectorTest {
    private static final int PIXELS = PixelVector.SIDE * PixelVector.SIDE;

    private final Random random = new Random(11);

    @Test
    void shouldGiveTheCosineOfWhatIsLeftWithoutTheMean() {
        byte[] a = noise(3 * PIXELS);
        byte[] b = noise(3 * PIXELS);
        double meanA = 0;
        double meanB = 0;
        for (int i = 0; i < a.length; i++) {
            meanA += a[i] / (double) a.length;
            meanB += b[i] / (double) a.length;
        }
        double[] restA = new double[a.length];
        double[] restB = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            restA[i] = a[i] - meanA;
            restB[i] = b[i] - meanB;
        }
        assertEquals(Cosine.of(restA, restB), new PixelVector(a).cosine(new PixelVector(b)), 1e-12);
    }

    @Test
    void shouldNotMindLightAndContrast() {
        byte[] dark = new byte[PIXELS];
        byte[] bright = new byte[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            dark[i] = (byte) (random.nextInt(50) - 100);
            bright[i] = (byte) (2 * dark[i] + 150);
        }
        assertEquals(1, new PixelVector(dark).cosine(new PixelVector(bright)), 1e-12);
    }

    @Test
    void shouldBoundTheCosineFromAbove() {
        for (int i = 0; i < 200; i++) {
            PixelVector a = new PixelVector(smooth(i % 2 == 0 ? 1 : 3));
            PixelVector b = new PixelVector(smooth(i % 2 == 0 ? 1 : 3));
            double cosine = a.cosine(b);
            double most = a.cosineAtMost(b);
            assertTrue(cosine <= most + 1e-5, () -> cosine + " is above " + most);
            assertTrue(most < 1.001, () -> "says nothing: " + most);
        }
    }

    @Test
    void shouldKnowAPictureWithoutDirection() {
        assertTrue(new PixelVector(new byte[PIXELS]).isFlat());
        byte[] one = new byte[PIXELS];
        one[5] = 1;
        assertEquals(false, new PixelVector(one).isFlat());
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] smooth(int channels) {
        byte[] bytes = new byte[PIXELS * channels];
        double slope = random.nextGaussian();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (40 * Math.sin(slope * i / 300.0) + random.nextInt(40));
        }
        return bytes;
    }
}
