package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Decodes the pictures of one input and scales them to the frame's shape. Not thread-safe, but not
 * bound to the thread that opened it.
 */
final class PictureReader implements AutoCloseable {
    private static final int CHANNELS = 3;
    private static final double MICROS_PER_SECOND = 1e6;

    private final MediaInput input;
    private final FFmpegFrameGrabber grabber;
    private final FrameShape shape;
    private long timeUs;

    private PictureReader(MediaInput input, FFmpegFrameGrabber grabber, FrameShape shape) {
        this.input = input;
        this.grabber = grabber;
        this.shape = shape;
    }

    /** Opens the input; empty if there are no pictures in it. */
    static Optional<PictureReader> open(MediaInput input, FrameShape shape) throws SourceException {
        FFmpegFrameGrabber grabber = input.grabber();
        Ffmpeg.start(grabber, input.name());
        if (!grabber.hasVideo()) {
            Ffmpeg.close(grabber);
            return Optional.empty();
        }
        // After the start: before it, these would be asked of a camera, which has sizes and formats
        // of its own.
        grabber.setPixelFormat(avutil.AV_PIX_FMT_RGB24);
        grabber.setImageWidth(shape.width());
        grabber.setImageHeight(shape.height());
        return Optional.of(new PictureReader(input, grabber, shape));
    }

    /** Decodes the next picture, u8 [height, width, 3] RGB; false at the end. */
    boolean next(MemorySegment pictureRgb) throws SourceException {
        try {
            Frame frame = grabber.grabImage();
            if (frame == null) {
                return false;
            }
            MemorySegment pixels = MemorySegment.ofBuffer(frame.image[0].rewind());
            long rowBytes = (long) shape.width() * CHANNELS;
            for (int row = 0; row < shape.height(); row++) {
                MemorySegment.copy(
                        pixels,
                        (long) row * frame.imageStride,
                        pictureRgb,
                        row * rowBytes,
                        rowBytes);
            }
            timeUs = frame.timestamp - Ffmpeg.startUs(grabber);
            return true;
        } catch (FrameGrabber.Exception e) {
            throw Ffmpeg.failure("cannot read " + input.name(), e);
        }
    }

    /** Time of the picture decoded last, from the beginning of the input. */
    long timeUs() {
        return timeUs;
    }

    /** How long one picture is shown. */
    long durationUs() {
        return Math.round(MICROS_PER_SECOND / Math.max(1, grabber.getVideoFrameRate()));
    }

    String name() {
        return input.name();
    }

    @Override
    public void close() {
        Ffmpeg.close(grabber);
    }
}
