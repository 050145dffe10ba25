package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Decodes the pictures of one input, turns them upright and scales them to the frame's shape. Not
 * thread-safe, but not bound to the thread that opened it.
 */
final class PictureReader implements AutoCloseable {
    private final Decoder decoder;
    private final Scaler scaler;
    private final long usualDurationUs;
    private boolean begun;
    private long timeUs;
    private long durationUs;

    private PictureReader(Decoder decoder, FrameShape shape, double picturesPerSecond) {
        this.decoder = decoder;
        this.scaler = new Scaler(shape);
        this.usualDurationUs = Math.round(Ffmpeg.MICROS_PER_SECOND / picturesPerSecond);
    }

    /** Opens the input; empty if there are no pictures in it. */
    static Optional<PictureReader> open(MediaInput input, FrameShape shape) throws SourceException {
        Demuxer demuxer = Demuxer.open(input);
        if (demuxer.pictures().isEmpty()) {
            demuxer.close();
            return Optional.empty();
        }
        AVStream stream = demuxer.pictures().get();
        double picturesPerSecond = demuxer.pictureRate(stream);
        return Optional.of(
                new PictureReader(new Decoder(demuxer, stream), shape, picturesPerSecond));
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

    /** A picture that has no time, or none of its own, follows when the one before it is over. */
    private void place() {
        long ownUs = decoder.timeUs();
        if (!begun) {
            timeUs = ownUs == Ffmpeg.NO_TIME ? 0 : ownUs;
        } else {
            timeUs = ownUs > timeUs ? ownUs : timeUs + durationUs;
        }
        begun = true;
        durationUs = decoder.durationUs() > 0 ? decoder.durationUs() : usualDurationUs;
    }

    /** Time of the picture decoded last, from the beginning of the input. */
    long timeUs() {
        return timeUs;
    }

    /** How long the picture decoded last is shown. */
    long durationUs() {
        return durationUs;
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
