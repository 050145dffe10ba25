package io.fluxfoam.distill;

/**
 * One teacher's place in the heatmap: {@code tokens x dim} floats, row-major, from float {@code
 * offset} on.
 *
 * @param name name of the teacher's node; without white space
 * @param offset first float of the region; a multiple of {@link HeatmapLayout#ALIGNMENT_FLOATS}
 * @param length number of floats, {@code tokens * dim}
 * @param tokens rows: time steps, picture columns, or 1
 * @param dim floats in a row
 */
public record Region(String name, int offset, int length, int tokens, int dim) {
    /**
     * Checks that the numbers agree with each other.
     *
     * @throws IllegalArgumentException if they do not
     */
    public Region {
        if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "region name is empty or has white space: name=\"" + name + "\"");
        }
        if (tokens < 1 || dim < 1 || (long) tokens * dim != length) {
            throw new IllegalArgumentException(
                    "region "
                            + name
                            + ": tokens="
                            + tokens
                            + " x dim="
                            + dim
                            + " is not length="
                            + length);
        }
        if (offset < 0
                || offset % HeatmapLayout.ALIGNMENT_FLOATS != 0
                || offset > Integer.MAX_VALUE - length) {
            throw new IllegalArgumentException(
                    "region " + name + ": offset=" + offset + " is no aligned place");
        }
    }

    /** The float behind the last one of this region. */
    public int end() {
        return offset + length;
    }

    /** This region as it stands in the layout's text: {@code name offset length tokens dim}. */
    String text() {
        return name + ' ' + offset + ' ' + length + ' ' + tokens + ' ' + dim;
    }

    /** Reads back what {@link #text()} wrote. */
    static Region parse(String line) {
        String[] words = line.split(" ");
        if (words.length != 5) {
            throw new IllegalArgumentException(
                    "not \"name offset length tokens dim\": \"" + line + "\"");
        }
        try {
            return new Region(
                    words[0],
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number in region line \"" + line + "\"", e);
        }
    }
}
