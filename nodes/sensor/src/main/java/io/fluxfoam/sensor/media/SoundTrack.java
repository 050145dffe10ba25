package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.MemorySegment;
import java.nio.ShortBuffer;

/** The sound of a file by time. */
final class SoundTrack implements AutoCloseable {
    private static final double SAMPLES_PER_MICRO = FrameShape.SOUND_RATE / 1e6;

    private final SoundReader reader;
    private final SoundRing ring;
    private boolean started;
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
        while (!ended
                && ring.position() <= untilPosition) { // one further, to see the end when it comes
            next();
        }
        ring.appendSilence(untilPosition);
        ring.window(untilPosition, soundF32);
    }

    private void next() throws SourceException {
        ShortBuffer piece = reader.next();
        if (piece == null) {
            ended = true;
            endPosition = ring.position();
            return;
        }
        if (!started) { // a sound may begin later than the pictures of its file
            started = true;
            ring.appendSilence(position(reader.timeUs()));
        }
        ring.append(piece);
    }

    /** When the sound is over; {@link Long#MAX_VALUE} while there is more. */
    long endUs() {
        return ended ? Math.round(endPosition / SAMPLES_PER_MICRO) : Long.MAX_VALUE;
    }

    private static long position(long timeUs) {
        return Math.round(timeUs * SAMPLES_PER_MICRO);
    }

    @Override
    public void close() {
        reader.close();
    }
}
