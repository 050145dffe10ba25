package io.fluxfoam.sensor.media;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.global.avutil;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * How a stored picture is to be turned to stand upright: its axes are exchanged or not, and then
 * run backwards or not. That is what phones write into their videos (display matrix) and cameras
 * into their pictures (EXIF).
 *
 * @param exchanged whether a row of what is shown is a column of what is stored
 * @param rightToLeft whether what is shown has the stored beginning of its horizontal axis at right
 * @param bottomUp whether what is shown has the stored beginning of its vertical axis below
 */
record Orientation(boolean exchanged, boolean rightToLeft, boolean bottomUp) {
    static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int MATRIX_INTS = 9;

    /** Of a decoded picture; a slant is taken for the nearest quarter turn. */
    static Orientation of(AVFrame frame) {
        AVFrameSideData matrix =
                avutil.av_frame_get_side_data(frame, avutil.AV_FRAME_DATA_DISPLAYMATRIX);
        if (matrix == null || matrix.size() < MATRIX_INTS * Integer.BYTES) {
            return UPRIGHT;
        }
        IntBuffer ints =
                matrix.data()
                        .capacity(MATRIX_INTS * Integer.BYTES)
                        .asByteBuffer()
                        .order(ByteOrder.nativeOrder())
                        .asIntBuffer();
        return of(ints.get(0), ints.get(1), ints.get(3), ints.get(4));
    }

    /** What is shown now, turned by a quarter. */
    Orientation turnedClockwise() {
        return new Orientation(!exchanged, !bottomUp, rightToLeft);
    }

    /** A stored point (x, y), y down, is shown at (a x + c y, b x + d y). */
    static Orientation of(int a, int b, int c, int d) {
        return Math.abs((long) a) >= Math.abs((long) b)
                ? new Orientation(false, a < 0, d < 0)
                : new Orientation(true, c < 0, b < 0);
    }

    /**
     * Copies a stored picture as it is shown, u8 [height, width, pixelBytes].
     *
     * @param stored its rows; of {@code height} pixels and {@code width} rows if the axes are
     *     exchanged
     * @param storedStride bytes from one stored row to the next
     */
    void copy(
            MemorySegment stored,
            long storedStride,
            MemorySegment shown,
            int height,
            int width,
            int pixelBytes) {
        long rowBytes = (long) width * pixelBytes;
        if (equals(UPRIGHT)) {
            for (int y = 0; y < height; y++) {
                MemorySegment.copy(stored, y * storedStride, shown, y * rowBytes, rowBytes);
            }
            return;
        }
        for (int y = 0; y < height; y++) {
            int down = bottomUp ? height - 1 - y : y;
            for (int x = 0; x < width; x++) {
                int along = rightToLeft ? width - 1 - x : x;
                long from =
                        exchanged
                                ? along * storedStride + (long) down * pixelBytes
                                : down * storedStride + (long) along * pixelBytes;
                long to = y * rowBytes + (long) x * pixelBytes;
                for (int channel = 0; channel < pixelBytes; channel++) {
                    shown.set(
                            ValueLayout.JAVA_BYTE,
                            to + channel,
                            stored.get(ValueLayout.JAVA_BYTE, from + channel));
                }
            }
        }
    }
}
