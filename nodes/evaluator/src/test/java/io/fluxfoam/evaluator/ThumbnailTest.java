package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;
import java.util.Random;

class ThumbnailTest {
    /** What is drawn larger looks the same when it is small again. */
    @ParameterizedTest
    @CsvSource({"96,320", "32,32", "64,96", "480,640", "2048,64"})
    void shouldShowTheSameAtAnySize(int height, int width) {
        Thumbnail small = Thumbnail.of(scaled(32, 32), 32, 32);
        Thumbnail other = Thumbnail.of(scaled(height, width), height, width);
        assertTrue(small.colour().cosine(other.colour()) > .999);
        assertTrue(small.grey().cosine(other.grey()) > .999);
    }

    @Test
    void shouldKnowColoursThatAreOneGrey() {
        byte[] red = new byte[32 * 32 * 3];
        byte[] green = new byte[32 * 32 * 3];
        for (int i = 0; i < 32 * 32; i += 2) {
            red[3 * i] = (byte) 150;
            green[3 * i + 1] = (byte) 77;
        }
        Thumbnail a = Thumbnail.of(MemorySegment.ofArray(red), 32, 32);
        Thumbnail b = Thumbnail.of(MemorySegment.ofArray(green), 32, 32);
        assertEquals(1, a.grey().cosine(b.grey()), 1e-9);
        assertTrue(a.colour().cosine(b.colour()) < .5);
    }

    /** Noise of 32x32 colours, each as large a field as the size makes it. */
    private static MemorySegment scaled(int height, int width) {
        byte[] noise = new byte[32 * 32 * 3];
        new Random(3).nextBytes(noise);
        byte[] picture = new byte[height * width * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = (y * 32 / height * 32 + x * 32 / width) * 3;
                System.arraycopy(noise, from, picture, (y * width + x) * 3, 3);
            }
        }
        return MemorySegment.ofArray(picture);
    }
}
