package io.fluxfoam.distill;

/**
 * How many frames a sensor publishes in a second.
 *
 * @param perSecond from {@value #MIN} to {@value #MAX}
 */
public record FrameRate(double perSecond) {
    /** One in a hundred seconds: what is rarer looks like a sensor that hangs. */
    public static final double MIN = .01;

    /** No source is faster. */
    public static final double MAX = 1000;

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public FrameRate {
        if (!(perSecond >= MIN && perSecond <= MAX)) {
            throw new IllegalArgumentException(
                    "frames per second=" + perSecond + " not in " + MIN + ".." + (int) MAX);
        }
    }

    /**
     * Reads a number.
     *
     * @throws IllegalArgumentException if it is none, or out of range
     */
    public static FrameRate parse(String text) {
        try {
            return new FrameRate(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("frames per second=" + text + " is no number", e);
        }
    }

    @Override
    public String toString() {
        return Double.toString(perSecond);
    }
}
