package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The pictures of a file by time: the one that is shown at a time, and one that is decoded ahead of
 * it.
 */
final class PictureTrack implements AutoCloseable {
    private final PictureReader reader;
    private MemorySegment shown;
    private MemorySegment ahead;
    private boolean ended;

    /** Decodes the first picture; owns the reader from here on, also if that fails. */
    PictureTrack(PictureReader reader, FrameShape shape) throws SourceException {
        this.reader = reader;
        shown = Arena.ofAuto().allocate(shape.pictureBytes());
        ahead = Arena.ofAuto().allocate(shape.pictureBytes());
        try {
            if (!reader.next(shown)) {
                throw new SourceException("no picture could be decoded from " + reader.name());
            }
            ended = !reader.next(ahead);
        } catch (SourceException e) {
            reader.close();
            throw e;
        }
    }

    /** Goes on to the picture that is shown at a time; times never go back. */
    void advance(long timeUs) {
        while (!ended && reader.timeUs() <= timeUs) {
            MemorySegment next = ahead;
            ahead = shown;
            shown = next;
            ended = !reader.next(ahead);
        }
    }

    /**
     * Copies the picture that is shown, u8 [height, width, 3] RGB. Before the first picture that is
     * the first one, after the end the last one.
     */
    void read(MemorySegment pictureRgb) {
        pictureRgb.copyFrom(shown);
    }

    /** When the last picture's time is over; {@link Long#MAX_VALUE} while there is another one. */
    long endUs() {
        return ended ? reader.endUs() : Long.MAX_VALUE;
    }

    /** How many pictures could not be decoded, or not wholly. */
    long damaged() {
        return reader.damaged();
    }

    @Override
    public void close() {
        reader.close();
    }
}
