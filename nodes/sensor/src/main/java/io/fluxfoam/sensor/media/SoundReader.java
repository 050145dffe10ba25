package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.avutil.AVFrame;

import java.nio.ShortBuffer;
import java.util.Optional;

/**
 * Decodes the sound of one input, mixed to mono and resampled to {@link FrameShape#SOUND_RATE}.
 * Sound whose times follow each other within a tenth of a second has no seam; where they do not, it
 * goes on at its own time. Not thread-safe, but not bound to the thread that opened it.
 */
final class SoundReader implements AutoCloseable {
    private static final double SEAM_US = 100_000;

    private final Decoder decoder;
    private Resampler resampler;
    private AVFrame decoded;
    private boolean begun;
    private double expectedUs;
    private long position;
    private long nextPosition;

    private SoundReader(Decoder decoder) {
        this.decoder = decoder;
    }

    /** Opens the input; empty if there is no sound in it. */
    static Optional<SoundReader> open(MediaInput input) throws SourceException {
        Demuxer demuxer = Demuxer.open(input);
        if (demuxer.sound().isEmpty()) {
            demuxer.close();
            return Optional.empty();
        }
        return Optional.of(new SoundReader(new Decoder(demuxer, demuxer.sound().get())));
    }

    /**
     * Decodes the next piece of sound, full scale 32,768, valid until the next call; null at the
     * end.
     */
    ShortBuffer next() throws SourceException {
        ShortBuffer piece;
        do {
            if (decoded == null) {
                decoded = decoder.next();
            }
            if (resampler == null) {
                if (decoded == null) {
                    return null;
                }
                begin();
            }
            piece = decoded != null && isSeamless() ? resample() : finish();
        } while (!piece.hasRemaining());
        position = nextPosition;
        nextPosition += piece.remaining();
        return piece;
    }

    private void begin() throws SourceException {
        resampler = new Resampler(decoded, decoder.name());
        if (!begun || !isInTime()) {
            expectedUs = decoder.timeUs() == Ffmpeg.NO_TIME ? 0 : decoder.timeUs();
            nextPosition = SoundTrack.position(expectedUs);
        }
        begun = true;
    }

    private boolean isSeamless() {
        return isInTime() && resampler.takes(decoded);
    }

    private boolean isInTime() {
        long timeUs = decoder.timeUs();
        return timeUs == Ffmpeg.NO_TIME || Math.abs(timeUs - expectedUs) <= SEAM_US;
    }

    private ShortBuffer resample() {
        ShortBuffer piece = resampler.convert(decoded);
        expectedUs +=
                (double) Ffmpeg.MICROS_PER_SECOND * decoded.nb_samples() / decoded.sample_rate();
        decoded = null;
        return piece;
    }

    /** What the resampler has kept back belongs before the seam. */
    private ShortBuffer finish() {
        ShortBuffer kept = resampler.drain();
        ShortBuffer piece = ShortBuffer.allocate(kept.remaining()).put(kept).flip();
        resampler.close();
        resampler = null;
        return piece;
    }

    /** Where the piece decoded last begins, in samples from the beginning of the input. */
    long position() {
        return position;
    }

    /** How many pieces could not be decoded, or not wholly. */
    long damaged() {
        return decoder.damaged();
    }

    @Override
    public void close() {
        if (resampler != null) {
            resampler.close();
        }
        decoder.close();
    }
}
