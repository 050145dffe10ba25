package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fluxfoam.teacher.PictureEncoder.Channels;
import io.fluxfoam.teacher.PictureEncoder.Layout;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class PictureEncoderTest {
    private static final float[] ZERO = {0, 0, 0};
    private static final float[] LEVEL = {1 / 255f, 1 / 255f, 1 / 255f};

    private static float[] encode(
            PictureEncoder encoder,
            int channels,
            int[] rgb,
            int width,
            int fromRow,
            int toRow,
            int height,
            int targetWidth) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(rgb.length);
            for (int i = 0; i < rgb.length; i++) {
                source.set(ValueLayout.JAVA_BYTE, i, (byte) rgb[i]);
            }
            MemorySegment target =
                    arena.allocate(
                            (long) channels * height * targetWidth * Float.BYTES, Float.BYTES);
            encoder.encode(source, width, fromRow, toRow, target, height, targetWidth);
            return target.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    @Test
    void shouldSplitChannelsIntoPlanesWithoutResizing() {
        PictureEncoder encoder = new PictureEncoder(Layout.NCHW, Channels.BGR, ZERO, LEVEL);
        int[] pixels = {1, 2, 3, 4, 5, 255};
        assertArrayEquals(
                new float[] {3, 255, 2, 5, 1, 4}, encode(encoder, 3, pixels, 2, 0, 1, 1, 2), 1e-3f);
    }

    @Test
    void shouldInterleaveChannels() {
        PictureEncoder encoder = new PictureEncoder(Layout.NHWC, Channels.RGB, ZERO, LEVEL);
        int[] pixels = {1, 2, 3, 4, 5, 255};
        assertArrayEquals(
                new float[] {1, 2, 3, 4, 5, 255}, encode(encoder, 3, pixels, 2, 0, 1, 1, 2), 1e-3f);
    }

    @Test
    void shouldInterpolateBetweenPixelCentres() {
        PictureEncoder encoder =
                new PictureEncoder(
                        Layout.NCHW, Channels.GRAY, new float[] {0}, new float[] {1 / 255f});
        int[] pixels = {0, 0, 0, 100, 100, 100, 200, 200, 200, 0, 0, 0};
        float[] actual = encode(encoder, 1, pixels, 2, 0, 2, 4, 4);
        assertArrayEquals(new float[] {0, 25, 75, 100}, java.util.Arrays.copyOf(actual, 4), 1e-3f);
        assertArrayEquals(
                new float[] {200, 150, 50, 0}, java.util.Arrays.copyOfRange(actual, 12, 16), 1e-3f);
        assertArrayEquals(
                new float[] {50, 56.25f, 68.75f, 75},
                java.util.Arrays.copyOfRange(actual, 4, 8),
                1e-3f);
    }

    @Test
    void shouldReadOnlyTheBandOfRows() {
        PictureEncoder encoder =
                new PictureEncoder(
                        Layout.NCHW, Channels.GRAY, new float[] {0}, new float[] {1 / 255f});
        int[] pixels = {9, 9, 9, 50, 50, 50, 60, 60, 60, 9, 9, 9};
        float[] band = encode(encoder, 1, pixels, 1, 1, 3, 2, 1);
        assertArrayEquals(new float[] {50, 60}, band, 1e-3f);
    }

    @Test
    void shouldRefuseStandardDeviationOfZero() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PictureEncoder(Layout.NCHW, Channels.RGB, ZERO, new float[] {1, 0, 1}));
    }
}
