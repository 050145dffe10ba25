package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;

/**
 * Decodes the pictures of one input, turns them upright and scales them to the frame's shape. Not
 * thread-safe, but not bound to the thread that opened it.
 */
final class PictureReader implements AutoCloseable {
    /** Shorter ones come of rates that cannot be. */
    private static final double MIN_DURATION_US = 1_000;

    private final Decoder decoder;
    private final Scaler scaler;
    private boolean begun;
    private double timeUs; // exact: the thirds of a thousand pictures without times add up
    private double durationUs;

    private PictureReader(Decoder decoder, Scaler scaler, double picturesPerSecond) {
        this.decoder = decoder;
        this.scaler = scaler;
        this.durationUs = Ffmpeg.MICROS_PER_SECOND / picturesPerSecond;
    }

    /** Opens the input; empty if there are no pictures in it. */
    static Optional<PictureReader> open(MediaInput input, FrameShape shape) throws SourceException {
        return open(input, shape, CameraView.WHOLE);
    }

    /** The same of a part of each picture. */
    static Optional<PictureReader> open(MediaInput input, FrameShape shape, CameraView view)
            throws SourceException {
        Demuxer demuxer = Demuxer.open(input);
        if (demuxer.pictures().isEmpty()) {
            demuxer.close();
            return Optional.empty();
        }
        AVStream stream = demuxer.pictures().get();
        int width = stream.codecpar().width();
        int height = stream.codecpar().height();
        if (!view.liesIn(width, height)) {
            demuxer.close();
            throw new SourceException(
                    String.format(
                            Locale.ROOT,
                            "%s gives pictures of %dx%d: the part %dx%d to be shown is not in them",
                            input.name(),
                            width,
                            height,
                            view.width(),
                            view.height()));
        }
        double picturesPerSecond = demuxer.pictureRate(stream);
        return Optional.of(
                new PictureReader(
                        new Decoder(demuxer, stream), new Scaler(shape, view), picturesPerSecond));
    }

    /** Decodes the next picture, u8 [height, width, 3] RGB; false at the end. */
    boolean next(MemorySegment pictureRgb) {
        AVFrame picture = decoder.next();
        while (picture != null && !scaler.scale(picture, pictureRgb)) {
            picture = decoder.next();
        }
        if (picture == null) {
            return false;
        }
        place();
        return true;
    }

    /**
     * A picture that has no time, or none of its own, follows when the one before it is over; one
     * that has no length, as what a decoder has kept back to the end, is as long as that.
     */
    private void place() {
        long ownUs = decoder.timeUs();
        if (!begun) {
            timeUs = ownUs == Ffmpeg.NO_TIME ? 0 : ownUs;
        } else {
            timeUs = ownUs > timeUs ? ownUs : timeUs + durationUs;
        }
        begun = true;
        durationUs = decoder.durationUs() < MIN_DURATION_US ? durationUs : decoder.durationUs();
    }

    /** Time of the picture decoded last, from the beginning of the input. */
    long timeUs() {
        return Math.round(timeUs);
    }

    /** When the picture decoded last is over. */
    long endUs() {
        return Math.round(timeUs + durationUs);
    }

    /** How many pictures could not be decoded, or not wholly. */
    long damaged() {
        return decoder.damaged();
    }

    String name() {
        return decoder.name();
    }

    @Override
    public void close() {
        scaler.close();
        decoder.close();
    }
}
