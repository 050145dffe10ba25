package io.fluxfoam.student.net;

import io.fluxfoam.distill.FrameShape;

/**
 * How much of a frame the student takes in: a window of the picture in sharp grey, the whole
 * picture in coarse colour, the energies of all of the sound.
 *
 * <pre>
 *   window  f32 [{@value #WINDOW_ROWS}, windowColumns]   as wide as the picture, at most 320 columns
 *   sight   f32 [3, sightRows, sightColumns]  about {@value #SIGHT_PIXELS} pixels in the picture's own shape
 *   sound   f32 [{@value #BANDS}, soundSteps]   energies, every 10 ms
 * </pre>
 *
 * @param pictureColumns columns that the picture has in the window; those behind it are empty
 * @param pictureRows rows that the whole picture would have at the window's scale
 * @param sightRows rows of the whole picture
 * @param sightColumns columns of the whole picture
 * @param samples in a sound window
 */
public record InputShape(
        int pictureColumns, int pictureRows, int sightRows, int sightColumns, int samples) {
    /** Rows of the window. */
    public static final int WINDOW_ROWS = 48;

    /** Colours of the whole picture: red, green, blue, a plane for each. */
    public static final int COLOURS = FrameShape.CHANNELS;

    /** Bands of the sound. */
    public static final int BANDS = 40;

    /** Samples between two steps of the sound. */
    public static final int SOUND_HOP = 160;

    /** Samples that a step of the sound hears. */
    public static final int SOUND_WINDOW = 400;

    private static final int MAX_WINDOW_COLUMNS = 320;
    private static final int SIGHT_PIXELS = 3072;
    private static final int SIDE_STEP = 8;
    private static final int MIN_SIGHT_SIDE = 16;

    /** What the student takes in of frames of this shape. */
    public static InputShape of(FrameShape frame) {
        int columns = Math.min(frame.width(), MAX_WINDOW_COLUMNS);
        int rows = Math.max(1, Math.round((float) frame.height() * columns / frame.width()));
        int sightRows = side(Math.sqrt((double) SIGHT_PIXELS * frame.height() / frame.width()));
        int sightColumns = side((double) SIGHT_PIXELS / sightRows);
        return new InputShape(columns, rows, sightRows, sightColumns, frame.soundSamples());
    }

    private static int side(double pixels) {
        int steps = (int) Math.round(pixels / SIDE_STEP);
        return Math.clamp((long) steps * SIDE_STEP, MIN_SIGHT_SIDE, SIGHT_PIXELS / MIN_SIGHT_SIDE);
    }

    /** Columns of the window: a whole number of the grid's. */
    public int windowColumns() {
        return Math.ceilDiv(pictureColumns, SIDE_STEP) * SIDE_STEP;
    }

    /** Size of the window in bytes. */
    public long windowBytes() {
        return (long) WINDOW_ROWS * windowColumns() * Float.BYTES;
    }

    /** Pixels of the whole picture. */
    public int sightPixels() {
        return sightRows * sightColumns;
    }

    /** Columns that remain of the whole picture behind the trunk that sees it. */
    public int sightGridColumns() {
        return sightColumns / SIDE_STEP;
    }

    /** Size of the whole picture in bytes, as the network gets it. */
    public long sightBytes() {
        return (long) COLOURS * sightPixels() * Float.BYTES;
    }

    /** Steps of 10 ms for which the sound has energies. */
    public int soundSteps() {
        return (samples - SOUND_WINDOW) / SOUND_HOP + 1;
    }

    /** Size of the sound in bytes, as the student keeps it. */
    public long soundBytes() {
        return (long) BANDS * soundSteps() * Float.BYTES;
    }
}
