package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.FrameShape;
import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.MemorySegment;
import java.nio.ShortBuffer;

/** The sound of a file by time. Where the file has none, there is silence. */
final class SoundTrack implements AutoCloseable {
    private static final double SAMPLES_PER_MICRO = FrameShape.SOUND_RATE / 1e6;

    private final SoundReader reader;
    private final SoundRing ring;
    private ShortBuffer piece = ShortBuffer.allocate(0);
    private boolean ended;
    private long endPosition;

    /**
     * Owns the reader from here on.
     *
     * @param seed of the noise floor
     */
    SoundTrack(SoundReader reader, long seed) {
        this.reader = reader;
        this.ring = new SoundRing(seed);
    }

    /**
     * Copies the last window at this time, f32 [samples]; times never go back. After the end there
     * is silence.
     */
    void readAt(long timeUs, MemorySegment soundF32) throws SourceException {
        long untilPosition = position(timeUs);
        long beyond = untilPosition + 1; // one further, to see the end when it comes
        while (!ended && ring.position() < beyond) {
            if (piece.hasRemaining()) {
                append(beyond);
            } else {
                next();
            }
        }
        ring.appendSilence(untilPosition);
        ring.window(untilPosition, soundF32);
    }

    private void next() throws SourceException {
        piece = reader.next();
        if (piece == null) {
            ended = true;
            endPosition = ring.position();
            return;
        }
        long early = ring.position() - reader.position();
        if (early > 0) {
            piece.position((int) Math.min(early, piece.limit()));
        }
    }

    /** Not further than needed: a piece, or the silence before it, may be longer than the ring. */
    private void append(long beyond) {
        long begin = reader.position() + piece.position();
        ring.appendSilence(Math.min(begin, beyond));
        int count = Math.clamp(beyond - ring.position(), 0, piece.remaining());
        ring.append(piece.slice(piece.position(), count));
        piece.position(piece.position() + count);
    }

    /** When the sound is over; {@link Long#MAX_VALUE} while there is more. */
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
