package io.fluxfoam.distill;

/**
 * What one frame is made of: a picture, u8 {@code [height, width, 3]} RGB row-major, and the sound
 * window that belongs to it, f32 {@code [soundSamples]}, {@value #SOUND_RATE} Hz mono in [-1, 1].
 */
public record FrameShape(int height, int width, int soundSamples) {
    /** Samples of sound in a second. */
    public static final int SOUND_RATE = 16_000;

    /** Rows of the default loop's pictures. */
    public static final int STANDARD_HEIGHT = 96;

    /** Columns of the default loop's pictures. */
    public static final int STANDARD_WIDTH = 320;

    /** Samples of the default loop's sound windows: 2.56 s. */
    public static final int STANDARD_SOUND_SAMPLES = 40_960;

    /** The default loop's frame. */
    public static final FrameShape STANDARD =
            new FrameShape(STANDARD_HEIGHT, STANDARD_WIDTH, STANDARD_SOUND_SAMPLES);

    /** Channels of a picture: RGB. */
    public static final int CHANNELS = 3;

    /** Size of the picture in bytes. */
    public int pictureBytes() {
        return height * width * CHANNELS;
    }

    /** Size of the sound window in bytes. */
    public int soundBytes() {
        return soundSamples * Float.BYTES;
    }
}
