package io.fluxfoam.sensor.media;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a camera or an editor wrote of the orientation into a PNG, WebP or TIFF picture. FFmpeg 8.0
 * makes a display matrix of it for JPEG alone; where another does so for these too, its matrix
 * stays.
 */
final class ExifOrientation {
    private static final int ONE = 1 << 16;
    private static final int MATRIX_INTS = 9;

    /** For each number of EXIF, where a stored point (x, y) is shown: see Orientation. */
    private static final int[][] MATRICES = {
        {1, 0, 0, 1},
        {-1, 0, 0, 1},
        {-1, 0, 0, -1},
        {1, 0, 0, -1},
        {0, 1, 1, 0},
        {0, 1, -1, 0},
        {0, -1, -1, 0},
        {0, -1, 1, 0}
    };

    private static final long PNG_SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int PNG_CHUNK_EXTRA_BYTES = 12; // length, type, checksum
    private static final int EXIF_PREFIX_BYTES = 6; // "Exif\0\0", which some write before it
    private static final int ENTRY_BYTES = 12;
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;

    private ExifOrientation() {}

    static boolean isIn(int codecId) {
        return codecId == avcodec.AV_CODEC_ID_PNG
                || codecId == avcodec.AV_CODEC_ID_WEBP
                || codecId == avcodec.AV_CODEC_ID_TIFF;
    }

    /** The number, 1 to 8, in the bytes of a whole picture; 1, upright, where they say nothing. */
    static int in(ByteBuffer picture) {
        ByteBuffer tiff;
        try {
            tiff = find(picture.duplicate().order(ByteOrder.BIG_ENDIAN));
            return tiff == null ? 1 : number(tiff);
        } catch (IndexOutOfBoundsException e) {
            return 1; // cut off, or damaged
        }
    }

    private static @Nullable ByteBuffer find(ByteBuffer picture) {
        if (picture.remaining() > Long.BYTES && picture.getLong(0) == PNG_SIGNATURE) {
            return findInPng(picture);
        }
        if (name(picture, 0).equals("RIFF") && name(picture, 8).equals("WEBP")) {
            return findInWebp(picture.order(ByteOrder.LITTLE_ENDIAN));
        }
        return picture;
    }

    private static @Nullable ByteBuffer findInPng(ByteBuffer picture) {
        long at = Long.BYTES;
        while (at + Long.BYTES <= picture.limit()) {
            int bytes = picture.getInt((int) at);
            if (name(picture, (int) at + 4).equals("eXIf")) {
                return picture.slice((int) at + 8, bytes);
            }
            at += (bytes & 0xffffffffL) + PNG_CHUNK_EXTRA_BYTES;
        }
        return null;
    }

    private static @Nullable ByteBuffer findInWebp(ByteBuffer picture) {
        long at = 12;
        while (at + Long.BYTES <= picture.limit()) {
            long bytes = picture.getInt((int) at + 4) & 0xffffffffL;
            if (name(picture, (int) at).equals("EXIF")) {
                ByteBuffer exif = picture.slice((int) at + 8, (int) bytes);
                return name(exif, 0).equals("Exif")
                        ? exif.slice(EXIF_PREFIX_BYTES, exif.limit() - EXIF_PREFIX_BYTES)
                        : exif;
            }
            at += 8 + bytes + bytes % 2;
        }
        return null;
    }

    private static String name(ByteBuffer bytes, int at) {
        byte[] letters = new byte[4];
        bytes.get(at, letters);
        return new String(letters, StandardCharsets.ISO_8859_1);
    }

    private static int number(ByteBuffer tiff) {
        String order = name(tiff, 0).substring(0, 2);
        if (!order.equals("II") && !order.equals("MM")) {
            return 1;
        }
        tiff.order(order.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xffff;
        for (int i = 0; i < entries; i++) {
            int entry = directory + Short.BYTES + i * ENTRY_BYTES;
            if ((tiff.getShort(entry) & 0xffff) == TAG && tiff.getShort(entry + 2) == SHORT) {
                int number = tiff.getShort(entry + 8);
                return number >= 1 && number <= MATRICES.length ? number : 1;
            }
        }
        return 1;
    }

    /** Gives a decoded picture the display matrix that says so, unless it has one. */
    static void attach(int number, AVFrame frame) {
        int matrixType = avutil.AV_FRAME_DATA_DISPLAYMATRIX;
        if (number == 1 || avutil.av_frame_get_side_data(frame, matrixType) != null) {
            return;
        }
        int bytes = MATRIX_INTS * Integer.BYTES;
        AVFrameSideData matrix = avutil.av_frame_new_side_data(frame, matrixType, bytes);
        if (matrix == null) {
            throw new OutOfMemoryError("no memory for a display matrix");
        }
        IntBuffer ints =
                matrix.data()
                        .capacity(bytes)
                        .asByteBuffer()
                        .order(ByteOrder.nativeOrder())
                        .asIntBuffer();
        int[] turn = MATRICES[number - 1];
        ints.put(new int[] {turn[0] * ONE, turn[1] * ONE, 0, turn[2] * ONE, turn[3] * ONE, 0});
        ints.put(new int[] {0, 0, 1 << 30});
    }
}
