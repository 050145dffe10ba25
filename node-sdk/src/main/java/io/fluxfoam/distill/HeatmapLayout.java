package io.fluxfoam.distill;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table of regions of a heatmap. Regions are only ever appended, so what an older version says
 * about a region stays true in every newer one; each append makes the next version. Immutable.
 *
 * <pre>
 *   floats  0 ........ region 0 ........ | pad | ........ region 1 ........ | pad | ...
 *           each region begins at a multiple of 16 floats (64 bytes); padding holds zeros
 * </pre>
 *
 * @param version grows by one with each appended region; 0 for the empty layout
 * @param regions in the order they joined
 */
public record HeatmapLayout(int version, List<Region> regions) {
    /** Every region begins at a multiple of this many floats: one cache line. */
    public static final int ALIGNMENT_FLOATS = 16;

    /** The layout before the first teacher joined. */
    public static final HeatmapLayout EMPTY = new HeatmapLayout(0, List.of());

    /**
     * Checks that regions neither overlap nor share a name.
     *
     * @throws IllegalArgumentException if they do
     */
    public HeatmapLayout {
        regions = List.copyOf(regions);
        if (version < 0) {
            throw new IllegalArgumentException("layout version=" + version + " is negative");
        }
        Set<String> names = new HashSet<>();
        int end = 0;
        for (Region region : regions) {
            if (region.offset() < end) {
                throw new IllegalArgumentException(
                        "region "
                                + region.name()
                                + ": offset="
                                + region.offset()
                                + " is inside the one before, end="
                                + end);
            }
            if (!names.add(region.name())) {
                throw new IllegalArgumentException(
                        "region " + region.name() + " stands twice in the layout");
            }
            end = region.end();
        }
    }

    /**
     * This layout with one more region behind the last one.
     *
     * @throws IllegalArgumentException if the name is taken or a number is out of range
     */
    public HeatmapLayout append(String name, int tokens, int dim) {
        int offset = Math.ceilDiv(floats(), ALIGNMENT_FLOATS) * ALIGNMENT_FLOATS;
        int length = (int) Math.min(Integer.MAX_VALUE, (long) tokens * dim);
        List<Region> longer = new ArrayList<>(regions);
        longer.add(new Region(name, offset, length, tokens, dim));
        return new HeatmapLayout(version + 1, longer);
    }

    /** The region of this teacher, if it has joined. */
    public Optional<Region> find(String name) {
        return regions.stream().filter(region -> region.name().equals(name)).findFirst();
    }

    /** Length of a heatmap in floats: the end of the last region. */
    public int floats() {
        return regions.isEmpty() ? 0 : regions.getLast().end();
    }

    /** One line for each region, {@code name offset length tokens dim}, each ended by a newline. */
    public String text() {
        return regions.stream().map(region -> region.text() + "\n").collect(Collectors.joining());
    }

    /**
     * Reads back what {@link #text()} wrote; the version travels beside the text.
     *
     * @throws IllegalArgumentException if a line is not a region or the regions do not make a
     *     layout
     */
    public static HeatmapLayout parse(int version, String text) {
        return new HeatmapLayout(version, text.lines().map(Region::parse).toList());
    }
}
