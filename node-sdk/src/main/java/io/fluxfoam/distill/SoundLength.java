package io.fluxfoam.distill;

/**
 * Length of a frame's sound window, as a user asks for it in seconds.
 *
 * @param seconds half a second to ten
 */
public record SoundLength(double seconds) {
    private static final double MIN = (double) FrameShape.MIN_SOUND_SAMPLES / FrameShape.SOUND_RATE;
    private static final double MAX = (double) FrameShape.MAX_SOUND_SAMPLES / FrameShape.SOUND_RATE;

    /**
     * Checks the limits of a frame.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public SoundLength {
        if (!(seconds >= MIN && seconds <= MAX)) {
            throw new IllegalArgumentException(
                    "sound of " + seconds + " s: a window has " + MIN + " to " + MAX + " s");
        }
    }

    /**
     * Reads a number of seconds.
     *
     * @throws IllegalArgumentException if it is none, or out of range
     */
    public static SoundLength parse(String text) {
        try {
            return new SoundLength(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("sound of \"" + text + "\" s is no number", e);
        }
    }

    /** How many samples it has. */
    public int samples() {
        return (int) Math.round(seconds * FrameShape.SOUND_RATE);
    }

    @Override
    public String toString() {
        return Double.toString(seconds);
    }
}
