package io.fluxfoam.cli.tape;

/**
 * How fast a tape is played.
 *
 * @param factor times as fast as it was recorded; infinite for as fast as its readers read
 */
public record Speed(double factor) {
    private static final double LEAST = 0.001;
    private static final double MOST = 1_000;

    /** As fast as its readers read. */
    public static final Speed MAX = new Speed(Double.POSITIVE_INFINITY);

    /** {@code max}, or how many times as fast. */
    public static Speed parse(String text) {
        if (text.equals("max")) {
            return MAX;
        }
        try {
            double factor = Double.parseDouble(text);
            if (factor >= LEAST && factor <= MOST) {
                return new Speed(factor);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "wanted max or a number from " + LEAST + " to " + MOST + ": " + text);
    }

    /** Whether it waits for readers and for no clock. */
    public boolean isMax() {
        return Double.isInfinite(factor);
    }
}
