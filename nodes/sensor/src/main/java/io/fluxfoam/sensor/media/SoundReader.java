package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;

import java.nio.ShortBuffer;
import java.util.Optional;

/**
 * Decodes the sound of one input, mixed to mono and resampled to {@link FrameShape#SOUND_RATE}. Not
 * thread-safe, but not bound to the thread that opened it.
 */
final class SoundReader implements AutoCloseable {
    private final MediaInput input;
    private final FFmpegFrameGrabber grabber;
    private long timeUs;

    private SoundReader(MediaInput input, FFmpegFrameGrabber grabber) {
        this.input = input;
        this.grabber = grabber;
    }

    /** Opens the input; empty if there is no sound in it. */
    static Optional<SoundReader> open(MediaInput input) throws SourceException {
        FFmpegFrameGrabber grabber = input.grabber();
        grabber.setSampleMode(
                FrameGrabber.SampleMode.SHORT); // as floats, FFmpeg's mix to mono is 3 dB too loud
        Ffmpeg.start(grabber, input.name());
        if (!grabber.hasAudio()) {
            Ffmpeg.close(grabber);
            return Optional.empty();
        }
        // After the start: before it, these would be asked of a microphone, which has rates and
        // channels of its own.
        grabber.setSampleRate(FrameShape.SOUND_RATE);
        grabber.setAudioChannels(1);
        return Optional.of(new SoundReader(input, grabber));
    }

    /**
     * Decodes the next piece of sound, full scale 32,768, valid until the next call; null at the
     * end.
     */
    ShortBuffer next() throws SourceException {
        try {
            Frame frame = grabber.grabSamples();
            if (frame == null) {
                return null;
            }
            timeUs = frame.timestamp - Ffmpeg.startUs(grabber);
            return (ShortBuffer) frame.samples[0].rewind();
        } catch (FrameGrabber.Exception e) {
            throw Ffmpeg.failure("cannot read " + input.name(), e);
        }
    }

    /** Time of the piece decoded last, from the beginning of the input. */
    long timeUs() {
        return timeUs;
    }

    @Override
    public void close() {
        Ffmpeg.close(grabber);
    }
}
