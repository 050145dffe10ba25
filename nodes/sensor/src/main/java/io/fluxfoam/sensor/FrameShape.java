package io.fluxfoam.sensor;

/**
 * What one frame is made of: a picture, u8 {@code [height, width, 3]} RGB row-major, and the sound
 * window that belongs to it, f32 {@code [soundSamples]}, {@value #SOUND_RATE} Hz mono in [-1, 1].
 */
public record FrameShape(int height, int width, int soundSamples) {
    /** Samples of sound in a second. */
    public static final int SOUND_RATE = 16_000;

    /** The default loop's frame: 320x96 pixels and 2.56 s of sound. */
    public static final FrameShape STANDARD = new FrameShape(96, 320, 40_960);

    private static final int CHANNELS = 3;

    /** Size of the picture in bytes. */
    public int pictureBytes() {
        return height * width * CHANNELS;
    }

    /** Size of the sound window in bytes. */
    public int soundBytes() {
        return soundSamples * Float.BYTES;
    }
}
