package io.fluxfoam.distill;

/**
 * The tag of a prediction in {@code heatmap} and {@code holdout}: by which layout it is to be read,
 * and which rows of its frame's picture the student has looked at sharply.
 *
 * <pre>
 *   bits 63..48  first row of the window
 *   bits 47..32  the row behind its last one
 *   bits 31..0   version of the layout
 * </pre>
 *
 * @param version of the {@link HeatmapLayout}
 * @param fromRow first row of the window in the picture
 * @param toRow the row behind its last one; 0 if it is not known
 */
public record HeatmapTag(int version, int fromRow, int toRow) {
    private static final int MAX_ROW = 0xFFFF;

    /** Reads a tag; of one that a student has not written, numbers that mean nothing. */
    public static HeatmapTag of(long tag) {
        return new HeatmapTag((int) tag, (int) (tag >>> 48), (int) (tag >>> 32) & MAX_ROW);
    }

    /** The tag. */
    public long bits() {
        return (long) fromRow << 48 | (long) toRow << 32 | version;
    }
}
