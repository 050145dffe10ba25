package io.fluxfoam.distill;

import java.util.Locale;

/**
 * What the axes of a teacher's tensor are. Axes of length 1 before the first that is longer say
 * nothing.
 */
public enum Axes {
    /** Rows of channels: all axes but the last together number the rows. */
    ROWS,
    /** Channels first, then the rows of a map, if it has some, and last its columns. */
    CHW,
    /** The rows of a map, if it has some, then its columns, and last the channels. */
    HWC;

    /** The word for them in a manifest: {@code rows}, {@code chw} or {@code hwc}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The axes that a teacher announces in its manifest.
     *
     * @throws IllegalArgumentException if it is none of these words
     */
    public static Axes parse(String text) {
        for (Axes axes : values()) {
            if (axes.text().equals(text)) {
                return axes;
            }
        }
        throw new IllegalArgumentException("axes=\"" + text + "\" is none of rows, chw, hwc");
    }
}
