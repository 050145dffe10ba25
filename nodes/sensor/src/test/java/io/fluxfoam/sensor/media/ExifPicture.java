package io.fluxfoam.sensor.media;

import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Java2DFrameConverter;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

/** Pictures with an orientation of EXIF, each kind as its format says. */
enum ExifPicture {
    PNG {
        @Override
        byte[] of(BufferedImage picture, byte[] exif, Path folder) throws Exception {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            ImageIO.write(picture, "png", plain);
            ByteBuffer chunk = ByteBuffer.allocate(exif.length + 12).putInt(exif.length);
            chunk.put(letters("eXIf")).put(exif);
            CRC32 sum = new CRC32();
            sum.update(chunk.array(), 4, exif.length + 4);
            chunk.putInt((int) sum.getValue());
            int header = 8 + 25;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(plain.toByteArray(), 0, header);
            out.writeBytes(chunk.array());
            out.write(plain.toByteArray(), header, plain.size() - header);
            return out.toByteArray();
        }
    },
    WEBP {
        @Override
        byte[] of(BufferedImage picture, byte[] exif, Path folder) throws Exception {
            return webp(picture, exif, folder);
        }
    },
    /** As some cameras' tools write it, with JPEG's prefix before. */
    WEBP_WITH_PREFIX {
        @Override
        byte[] of(BufferedImage picture, byte[] exif, Path folder) throws Exception {
            ByteBuffer both = ByteBuffer.allocate(6 + exif.length);
            return webp(picture, both.put(letters("Exif\0\0")).put(exif).array(), folder);
        }
    },
    TIFF {
        @Override
        byte[] of(BufferedImage picture, byte[] exif, Path folder) {
            int orientation = exif[18];
            return tiff(orientation, picture);
        }
    };

    private static final int SHORT = 3;
    private static final int LONG = 4;

    abstract byte[] of(BufferedImage picture, byte[] exif, Path folder) throws Exception;

    /** Writes it to a folder. */
    Path write(BufferedImage picture, int orientation, Path folder) throws Exception {
        byte[] bytes = of(picture, tiff(orientation, null), folder);
        return Files.write(folder.resolve(name() + orientation), bytes);
    }

    private static byte[] letters(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] webp(BufferedImage picture, byte[] exif, Path folder) throws Exception {
        Path file = folder.resolve("plain.webp");
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        try (FFmpegFrameRecorder recorder =
                        new FFmpegFrameRecorder(
                                file.toFile(), picture.getWidth(), picture.getHeight(), 0);
                Java2DFrameConverter converter = new Java2DFrameConverter()) {
            recorder.setFormat("webp");
            recorder.setVideoCodec(avcodec.AV_CODEC_ID_WEBP);
            recorder.setVideoCodecName("libwebp");
            recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
            recorder.start();
            recorder.record(converter.convert(picture));
        }
        byte[] plain = Files.readAllBytes(file);
        byte[] image = Arrays.copyOfRange(plain, 12, plain.length);
        int padded = exif.length + exif.length % 2;
        ByteBuffer out = ByteBuffer.allocate(12 + 18 + image.length + 8 + padded);
        out.order(ByteOrder.LITTLE_ENDIAN);
        out.put(letters("RIFF")).putInt(out.capacity() - 8).put(letters("WEBPVP8X")).putInt(10);
        out.putInt(0x08).put(bytes3(picture.getWidth() - 1)).put(bytes3(picture.getHeight() - 1));
        out.put(image).put(letters("EXIF")).putInt(exif.length).put(exif);
        return out.array();
    }

    private static byte[] bytes3(int number) {
        return new byte[] {(byte) number, (byte) (number >> 8), (byte) (number >> 16)};
    }

    /** With a picture, or, without one, the block that the other formats have in them. */
    private static byte[] tiff(int orientation, BufferedImage picture) {
        int entries = picture == null ? 1 : 10;
        int end = 8 + 2 + entries * 12 + 4;
        int pixels = picture == null ? 0 : 3 * picture.getWidth() * picture.getHeight();
        ByteBuffer out = ByteBuffer.allocate(end + 6 + pixels).order(ByteOrder.LITTLE_ENDIAN);
        out.put(letters("II")).putShort((short) 42).putInt(8).putShort((short) entries);
        if (picture == null) {
            entry(out, 274, SHORT, 1, orientation);
            return Arrays.copyOf(out.array(), end);
        }
        entry(out, 256, LONG, 1, picture.getWidth());
        entry(out, 257, LONG, 1, picture.getHeight());
        entry(out, 258, SHORT, 3, end);
        entry(out, 259, SHORT, 1, 1); // not compressed
        entry(out, 262, SHORT, 1, 2); // RGB
        entry(out, 273, LONG, 1, end + 6);
        entry(out, 274, SHORT, 1, orientation);
        entry(out, 277, SHORT, 1, 3);
        entry(out, 278, LONG, 1, picture.getHeight());
        entry(out, 279, LONG, 1, pixels);
        out.putInt(0);
        out.putShort((short) 8).putShort((short) 8).putShort((short) 8);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int rgb = picture.getRGB(x, y);
                out.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
            }
        }
        return out.array();
    }

    private static void entry(ByteBuffer out, int tag, int type, int count, int value) {
        out.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
    }
}
