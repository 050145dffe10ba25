package io.fluxfoam.sensor.media;

import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/**
 * A small video whose frames and samples tell their own time: picture {@code i} has the red level
 * {@code 20 + 10 i}, sound sample {@code n} (at 16 kHz) has the value {@code n / 65536}.
 */
final class RecordedVideo {
    static final int PICTURES_PER_SECOND = 10;
    static final int SOUND_RATE = 16_000;
    static final double SAMPLE_STEP = 1 / 65_536.0;

    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;

    private RecordedVideo() {}

    /** Red level of a picture. */
    static int red(double picture) {
        return (int) (20 + 10 * picture);
    }

    /** Matroska with Motion JPEG and PCM; either of them may be absent (0). */
    static Path record(Path file, int pictures, int samples) throws Exception {
        try (FFmpegFrameRecorder recorder =
                new FFmpegFrameRecorder(
                        file.toFile(), pictures > 0 ? WIDTH : 0, HEIGHT, samples > 0 ? 1 : 0)) {
            avutil.av_log_set_level(avutil.AV_LOG_QUIET);
            recorder.setFormat("matroska");
            recorder.setFrameRate(PICTURES_PER_SECOND);
            recorder.setVideoCodec(avcodec.AV_CODEC_ID_MJPEG);
            recorder.setPixelFormat(avutil.AV_PIX_FMT_YUVJ444P);
            recorder.setVideoQuality(1);
            recorder.setAudioCodec(avcodec.AV_CODEC_ID_PCM_S16LE);
            recorder.setSampleRate(SOUND_RATE);
            recorder.start();
            int samplesPerPicture = SOUND_RATE / PICTURES_PER_SECOND;
            for (int i = 0; i < pictures || i * samplesPerPicture < samples; i++) {
                if (i < pictures) {
                    recorder.record(picture(i), avutil.AV_PIX_FMT_RGB24);
                }
                int from = i * samplesPerPicture;
                if (from < samples) {
                    recorder.recordSamples(
                            SOUND_RATE,
                            1,
                            sound(from, Math.min(samples, from + samplesPerPicture)));
                }
            }
        }
        return file;
    }

    /** A picture; there are some between any two. */
    static Frame picture(double i) {
        Frame frame = new Frame(WIDTH, HEIGHT, Frame.DEPTH_UBYTE, 3);
        ByteBuffer pixels = (ByteBuffer) frame.image[0];
        MemorySegment.ofBuffer(pixels).fill((byte) 0);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                pixels.put(y * frame.imageStride + 3 * x, (byte) red(i));
            }
        }
        return frame;
    }

    private static FloatBuffer sound(int from, int to) {
        FloatBuffer samples = FloatBuffer.allocate(to - from);
        for (int n = from; n < to; n++) {
            samples.put((float) (n * SAMPLE_STEP));
        }
        return samples.flip();
    }
}
