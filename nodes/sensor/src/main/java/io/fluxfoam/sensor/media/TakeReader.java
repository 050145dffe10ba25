package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.vary.PictureVariation;
import io.fluxfoam.sensor.vary.SoundVariation;
import io.fluxfoam.sensor.vary.VariationStrength;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Brings pictures and recordings of a folder into a frame: as they are, a picture as large as the
 * frame and the beginning of a recording, or varied. Of a film it shows what is seen in the middle
 * of what is heard.
 */
final class TakeReader {
    private static final float FULL_SCALE = 32_768;
    private static final float[] NOTHING = {};

    private final FrameShape shape;
    private final long seed;
    private final PictureVariation pictureVariation;
    private final SoundVariation soundVariation;

    /**
     * Takes for frames of a shape.
     *
     * @param seed of the noise floor
     * @param mirrored whether half of what is varied is shown with left and right exchanged
     */
    TakeReader(FrameShape shape, long seed, VariationStrength strength, boolean mirrored) {
        this.shape = shape;
        this.seed = seed;
        this.pictureVariation = new PictureVariation(shape, strength, mirrored);
        this.soundVariation = new SoundVariation(shape, strength);
    }

    /** Shows a file as it is; black if there is none. */
    void show(@Nullable Path file, MemorySegment pictureRgb) throws SourceException {
        if (file == null) {
            pictureRgb.fill((byte) 0);
            return;
        }
        try (PictureReader reader =
                PictureReader.open(MediaInput.file(file), shape)
                        .orElseThrow(() -> nothingIn(file))) {
            if (!reader.next(pictureRgb)) {
                throw nothingIn(file);
            }
            boolean more = true;
            while (more && reader.endUs() < shownUs(file)) {
                more = reader.next(pictureRgb);
            }
        }
    }

    /** Shows a file anew; black if there is none. */
    void showVaried(@Nullable Path file, SplittableRandom random, MemorySegment pictureRgb)
            throws SourceException {
        if (file == null) {
            pictureRgb.fill((byte) 0);
            return;
        }
        int maxSide = 2 * Math.max(shape.width(), shape.height());
        pictureVariation.draw(
                SpriteReader.read(MediaInput.file(file), maxSide, shownUs(file))
                        .orElseThrow(() -> nothingIn(file)),
                random,
                pictureRgb);
    }

    /** Of a still picture that may move, as a GIF, it is the first. */
    private long shownUs(Path file) {
        long windowUs = shape.soundSamples() * Ffmpeg.MICROS_PER_SECOND / FrameShape.SOUND_RATE;
        return FileKind.of(file) == FileKind.FILM ? windowUs / 2 : 0;
    }

    /** Plays the beginning of a file as it is; the noise floor if there is none. */
    void play(@Nullable Path file, MemorySegment soundF32) throws SourceException {
        SoundRing ring = new SoundRing(seed, shape.soundSamples() + SoundRing.WINDOW_STEP);
        if (file == null) {
            ring.window(0, soundF32);
            return;
        }
        SoundReader reader =
                SoundReader.open(MediaInput.file(file)).orElseThrow(() -> nothingIn(file));
        try (SoundTrack track = new SoundTrack(reader, ring, 0)) {
            track.advance(shape.soundSamples() * Ffmpeg.MICROS_PER_SECOND / FrameShape.SOUND_RATE);
            if (track.endUs() == 0) {
                throw nothingIn(file);
            }
            ring.appendSilence(shape.soundSamples());
            ring.window(shape.soundSamples(), soundF32);
        }
    }

    /** Plays a file anew; noise if there is none. */
    void playVaried(@Nullable Path file, SplittableRandom random, MemorySegment soundF32)
            throws SourceException {
        soundVariation.play(file == null ? NOTHING : samples(file), random, soundF32);
    }

    private float[] samples(Path file) throws SourceException {
        float[] samples = new float[FrameShape.MAX_SOUND_SAMPLES];
        int count = 0;
        try (SoundReader reader =
                SoundReader.open(MediaInput.file(file)).orElseThrow(() -> nothingIn(file))) {
            ShortBuffer piece = reader.next();
            if (piece == null) {
                throw nothingIn(file);
            }
            while (piece != null && count < samples.length) {
                count = Math.clamp(reader.position(), count, samples.length);
                while (piece.hasRemaining() && count < samples.length) {
                    samples[count++] = piece.get() / FULL_SCALE;
                }
                piece = reader.next();
            }
        }
        return Arrays.copyOf(samples, count);
    }

    private static SourceException nothingIn(Path file) {
        return new SourceException("nothing to decode in " + file);
    }
}
