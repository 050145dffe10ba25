package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

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
    private @Nullable Resampler resampler;
    private @Nullable AVFrame decoded;
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
    @Nullable ShortBuffer next() throws SourceException {
        ShortBuffer piece;
        do {
            if (decoded == null) {
                decoded = decoder.next();
            }
            if (resampler == null) {
                if (decoded == null) {
                    return null;
                }
                resampler = begin(decoded);
            }
            piece =
                    decoded != null && isSeamless(resampler, decoded)
                            ? resample(resampler, decoded)
                            : finish(resampler);
        } while (!piece.hasRemaining());
        position = nextPosition;
        nextPosition += piece.remaining();
        return piece;
    }

    private Resampler begin(AVFrame first) throws SourceException {
        Resampler begins = new Resampler(first, decoder.name());
        if (!begun || !isInTime()) {
            expectedUs = decoder.timeUs() == Ffmpeg.NO_TIME ? 0 : decoder.timeUs();
            nextPosition = SoundTrack.position(expectedUs);
        }
        begun = true;
        return begins;
    }

    private boolean isSeamless(Resampler by, AVFrame frame) {
        return isInTime() && by.takes(frame);
    }

    private boolean isInTime() {
        long timeUs = decoder.timeUs();
        return timeUs == Ffmpeg.NO_TIME || Math.abs(timeUs - expectedUs) <= SEAM_US;
    }

    private ShortBuffer resample(Resampler by, AVFrame frame) {
        ShortBuffer piece = by.convert(frame);
        expectedUs += (double) Ffmpeg.MICROS_PER_SECOND * frame.nb_samples() / frame.sample_rate();
        decoded = null;
        return piece;
    }

    /** What the resampler has kept back belongs before the seam. */
    private ShortBuffer finish(Resampler by) {
        ShortBuffer kept = by.drain();
        ShortBuffer piece = ShortBuffer.allocate(kept.remaining()).put(kept).flip();
        by.close();
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
