package io.fluxfoam.distill;

/**
 * How wide a student is: the channels of every hidden layer, as a share of the packaged network's.
 * Inputs, filter bank and the tokens of the heads are the same at every width; parameters and the
 * work of a step grow with its square.
 *
 * @param eighths of the packaged network's channels, all of which are multiples of 8
 */
public record Width(int eighths) {
    /** Eighths of the packaged network. */
    private static final int WHOLE = 8;

    private static final int MOST = 4 * WHOLE;

    /** The packaged network. */
    public static final Width PACKAGED = new Width(WHOLE);

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if it is not in 1/8 .. 4
     */
    public Width {
        if (eighths < 1 || eighths > MOST) {
            throw new IllegalArgumentException(
                    "width=" + eighths / (double) WHOLE + " not in 0.125..4");
        }
    }

    /**
     * Reads a share, such as {@code 0.25}.
     *
     * @throws IllegalArgumentException if it is no multiple of 1/8 in 1/8 .. 4
     */
    public static Width parse(String share) {
        double eighths;
        try {
            eighths = Double.parseDouble(share) * WHOLE;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("width=" + share + " is no number", e);
        }
        if (!(eighths >= 1 && eighths <= MOST)) { // nor is it NaN
            throw new IllegalArgumentException("width=" + share + " not in 0.125..4");
        }
        if (eighths != Math.rint(eighths)) {
            throw new IllegalArgumentException("width=" + share + " is no multiple of 0.125");
        }
        return new Width((int) eighths);
    }

    /** The share, 1 for the packaged network. */
    public double share() {
        return eighths / (double) WHOLE;
    }

    /** The next one to grow to: twice as wide. */
    public Width next() {
        return new Width(Math.min(MOST, 2 * eighths));
    }

    /** Whether there are more channels than at the other width. */
    public boolean isWiderThan(Width other) {
        return eighths > other.eighths;
    }

    /** How many channels a layer has that has this many in the packaged network. */
    public long of(long channels) {
        return channels * eighths / WHOLE;
    }

    @Override
    public String toString() {
        return Double.toString(share());
    }
}
