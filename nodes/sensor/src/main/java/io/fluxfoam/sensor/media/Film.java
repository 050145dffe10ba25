package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The pictures and the sound of a file by time, once from its beginning to its end. The parts of
 * joined files follow each other; one that cannot be opened is left out, the first excepted.
 */
final class Film implements AutoCloseable {
    private final Iterator<MediaInput> parts;
    private final FrameShape shape;
    private final SoundRing ring;
    private Optional<PictureTrack> pictures = Optional.empty();
    private Optional<SoundTrack> sounds = Optional.empty();
    private long beginUs;
    private long damaged;

    /**
     * Opens the first part.
     *
     * @param seed of the noise floor
     */
    Film(List<MediaInput> parts, FrameShape shape, long seed) throws SourceException {
        this.parts = parts.iterator();
        this.shape = shape;
        this.ring = new SoundRing(seed);
        open(this.parts.next());
    }

    private void open(MediaInput part) throws SourceException {
        Optional<PictureReader> pictureReader = PictureReader.open(part, shape);
        if (pictureReader.isPresent()) {
            pictures = Optional.of(new PictureTrack(pictureReader.get(), shape));
        }
        try {
            long begin = SoundTrack.position(beginUs);
            sounds = SoundReader.open(part).map(reader -> new SoundTrack(reader, ring, begin));
        } catch (SourceException e) {
            close();
            throw e;
        }
    }

    /**
     * Goes on to a time; times never go back.
     *
     * @return false if the film is over then
     */
    boolean advance(long timeUs) throws SourceException {
        advanceTracks(timeUs);
        while (timeUs >= endUs()) {
            if (!parts.hasNext()) {
                return false;
            }
            openNext();
            advanceTracks(timeUs);
        }
        return true;
    }

    private void openNext() {
        beginUs = endUs();
        close();
        try {
            open(parts.next());
        } catch (SourceException e) {
            damaged++;
        }
    }

    private void advanceTracks(long timeUs) throws SourceException {
        if (pictures.isPresent()) {
            pictures.get().advance(timeUs - beginUs);
        }
        if (sounds.isPresent()) {
            sounds.get().advance(timeUs);
        }
    }

    /** Copies what is shown and heard at the time that was gone on to. */
    void read(long timeUs, MemorySegment pictureRgb, MemorySegment soundF32)
            throws SourceException {
        if (pictures.isPresent()) {
            pictures.get().read(pictureRgb);
        } else {
            pictureRgb.fill((byte) 0);
        }
        long position = SoundTrack.position(timeUs);
        ring.appendSilence(position);
        ring.window(position, soundF32);
    }

    /**
     * When this part's pictures and sound are over; {@link Long#MAX_VALUE} while that is not known.
     */
    private long endUs() {
        long picturesUs = pictures.map(PictureTrack::endUs).orElse(0L);
        long endUs = picturesUs == Long.MAX_VALUE ? picturesUs : beginUs + picturesUs;
        return Math.max(endUs, sounds.map(SoundTrack::endUs).orElse(0L));
    }

    /** Whether it is known, before it was gone on, to be over at a time. */
    boolean isKnownToEndBy(long timeUs) {
        return !parts.hasNext() && endUs() <= timeUs;
    }

    /** How many pieces could not be decoded, or not wholly. */
    long damaged() {
        return damaged
                + pictures.map(PictureTrack::damaged).orElse(0L)
                + sounds.map(SoundTrack::damaged).orElse(0L);
    }

    @Override
    public void close() {
        damaged = damaged();
        pictures.ifPresent(PictureTrack::close);
        sounds.ifPresent(SoundTrack::close);
        pictures = Optional.empty();
        sounds = Optional.empty();
    }
}
