package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import java.nio.ShortBuffer;

/**
 * Brings the sound of a file into a ring, each piece at its time, with silence where there is none.
 */
final class SoundTrack implements AutoCloseable {
    private static final double SAMPLES_PER_MICRO = FrameShape.SOUND_RATE / 1e6;

    private final SoundReader reader;
    private final SoundRing ring;
    private final long begin;
    private ShortBuffer piece = ShortBuffer.allocate(0);
    private boolean ended;
    private long endPosition;

    /**
     * Owns the reader from here on.
     *
     * @param ring where the sound goes; it may hold what came before
     * @param begin of the sound in the ring
     */
    SoundTrack(SoundReader reader, SoundRing ring, long begin) {
        this.reader = reader;
        this.ring = ring;
        this.begin = begin;
    }

    /** Goes on to a time of the ring; times never go back. */
    void advance(long timeUs) throws SourceException {
        long beyond = position(timeUs) + 1; // one further, to see the end when it comes
        while (!ended && ring.position() < beyond) {
            if (piece.hasRemaining()) {
                append(beyond);
            } else {
                next();
            }
        }
    }

    private void next() throws SourceException {
        ShortBuffer read = reader.next();
        if (read == null) {
            ended = true;
            endPosition = ring.position();
            return;
        }
        piece = read;
        long early = ring.position() - begin - reader.position();
        if (early > 0) {
            piece.position((int) Math.min(early, piece.limit()));
        }
    }

    /** Not further than needed: a piece, or the silence before it, may be longer than the ring. */
    private void append(long beyond) {
        long pieceBegin = begin + reader.position() + piece.position();
        ring.appendSilence(Math.min(pieceBegin, beyond));
        int count = Math.clamp(beyond - ring.position(), 0, piece.remaining());
        ring.append(piece.slice(piece.position(), count));
        piece.position(piece.position() + count);
    }

    /** When the sound is over, in the ring; {@link Long#MAX_VALUE} while there is more. */
    long endUs() {
        return ended ? Math.round(endPosition / SAMPLES_PER_MICRO) : Long.MAX_VALUE;
    }

    /** How many pieces could not be decoded, or not wholly. */
    long damaged() {
        return reader.damaged();
    }

    /** How many samples there are before a time. */
    static long position(double timeUs) {
        return Math.round(timeUs * SAMPLES_PER_MICRO);
    }

    @Override
    public void close() {
        reader.close();
    }
}
