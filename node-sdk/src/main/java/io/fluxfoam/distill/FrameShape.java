package io.fluxfoam.distill;

import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.tensor.DType;

import java.util.Locale;
import java.util.Optional;

/**
 * What one frame is made of: a picture, u8 {@code [height, width, 3]} RGB row-major, and the sound
 * window that belongs to it, f32 {@code [soundSamples]}, {@value #SOUND_RATE} Hz mono in [-1, 1].
 * Its sensor decides, and says it by the shapes of its streams in its manifest.
 */
public record FrameShape(int height, int width, int soundSamples) {
    /** Samples of sound in a second. */
    public static final int SOUND_RATE = 16_000;

    /** Channels of a picture: RGB. */
    public static final int CHANNELS = 3;

    /** Fewest rows and columns of a picture. */
    public static final int MIN_SIDE = 32;

    /** Most rows and columns of a picture. */
    public static final int MAX_SIDE = 2048;

    /** Fewest samples of a sound window: half a second. */
    public static final int MIN_SOUND_SAMPLES = SOUND_RATE / 2;

    /** Most samples of a sound window: ten seconds. */
    public static final int MAX_SOUND_SAMPLES = 10 * SOUND_RATE;

    /** Rows of the default loop's pictures. */
    public static final int STANDARD_HEIGHT = 96;

    /** Columns of the default loop's pictures. */
    public static final int STANDARD_WIDTH = 320;

    /** Samples of the default loop's sound windows: 2.56 s. */
    public static final int STANDARD_SOUND_SAMPLES = 40_960;

    /** The default loop's frame. */
    public static final FrameShape STANDARD =
            new FrameShape(STANDARD_HEIGHT, STANDARD_WIDTH, STANDARD_SOUND_SAMPLES);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException with the values if one is out of range
     */
    public FrameShape {
        if (Math.min(height, width) < MIN_SIDE || Math.max(height, width) > MAX_SIDE) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "picture %dx%d: each side must have %d to %d pixels",
                            width,
                            height,
                            MIN_SIDE,
                            MAX_SIDE));
        }
        if (soundSamples < MIN_SOUND_SAMPLES || soundSamples > MAX_SOUND_SAMPLES) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "sound window of %d samples: must have %d to %d, %d a second",
                            soundSamples,
                            MIN_SOUND_SAMPLES,
                            MAX_SOUND_SAMPLES,
                            SOUND_RATE));
        }
    }

    /**
     * The shape that a sensor says its frames have; empty if it publishes no picture or no sound.
     *
     * @throws IllegalArgumentException if they are none that a frame can have
     */
    public static Optional<FrameShape> of(Manifest sensor) {
        Optional<StreamCard> picture = sensor.stream(LoopStreams.PICTURE);
        Optional<StreamCard> sound = sensor.stream(LoopStreams.SOUND);
        if (picture.isEmpty() || sound.isEmpty()) {
            return Optional.empty();
        }
        long[] seen = picture.get().maxShape();
        long[] heard = sound.get().maxShape();
        boolean isPicture =
                picture.get().dtype() == DType.U8 && seen.length == 3 && seen[2] == CHANNELS;
        if (!isPicture || sound.get().dtype() != DType.F32 || heard.length != 1) {
            throw new IllegalArgumentException(
                    "picture and sound of "
                            + sensor.node()
                            + " are no frame: "
                            + picture.get()
                            + " "
                            + sound.get());
        }
        return Optional.of(
                new FrameShape(
                        Math.toIntExact(seen[0]),
                        Math.toIntExact(seen[1]),
                        Math.toIntExact(heard[0])));
    }

    /** Shape of the picture's tensor. */
    public long[] pictureShape() {
        return new long[] {height, width, CHANNELS};
    }

    /** Shape of the sound's tensor. */
    public long[] soundShape() {
        return new long[] {soundSamples};
    }

    /** Size of the picture in bytes. */
    public int pictureBytes() {
        return height * width * CHANNELS;
    }

    /** Size of the sound window in bytes. */
    public int soundBytes() {
        return soundSamples * Float.BYTES;
    }

    /** As messages and identities show it. */
    @Override
    public String toString() {
        return width + "x" + height + "+" + soundSamples;
    }
}
