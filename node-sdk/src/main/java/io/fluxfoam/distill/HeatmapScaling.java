package io.fluxfoam.distill;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * How the student's heads speak at one time: the regions they predict, and for each the statistics
 * under which its head is trained. Immutable; it travels with each prediction, so that it is read
 * as it was meant.
 *
 * @param layout the regions that have a head
 * @param statistics of each region, in the layout's order
 */
public record HeatmapScaling(HeatmapLayout layout, List<Statistics> statistics) {
    /** Before any teacher was seen. */
    public static final HeatmapScaling NONE = new HeatmapScaling(HeatmapLayout.EMPTY, List.of());

    public HeatmapScaling {
        statistics = List.copyOf(statistics);
        if (statistics.size() != layout.regions().size()) {
            throw new IllegalArgumentException(
                    "regions=" + layout.regions().size() + " but statistics=" + statistics.size());
        }
    }

    /** Statistics of one of the layout's regions. */
    public Statistics of(Region region) {
        return statistics.get(layout.regions().indexOf(region));
    }

    /**
     * Writes a standardised heatmap in the teachers' own units; padding and regions without usable
     * statistics are zero.
     *
     * @param standardized {@code layout.floats()} floats
     * @param heatmap as many
     */
    public void destandardize(MemorySegment standardized, MemorySegment heatmap) {
        heatmap.fill((byte) 0);
        for (int i = 0; i < statistics.size(); i++) {
            Region region = layout.regions().get(i);
            if (statistics.get(i).usable()) {
                MemorySegment values =
                        standardized.asSlice(
                                (long) region.offset() * Float.BYTES,
                                (long) region.length() * Float.BYTES);
                statistics.get(i).destandardize(values, heatmap, region.offset());
            }
        }
    }

    /**
     * Writes mean and scale at each position of the heatmap, {@code [2, layout.floats()]}; zeros
     * where nothing is known.
     */
    public void describe(MemorySegment out) {
        out.fill((byte) 0);
        int floats = layout.floats();
        for (int i = 0; i < statistics.size(); i++) {
            Region region = layout.regions().get(i);
            Statistics known = statistics.get(i);
            for (int k = 0; known.usable() && k < region.length(); k++) {
                int d = k % region.dim();
                int at = region.offset() + k;
                out.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) known.mean(d));
                out.setAtIndex(
                        ValueLayout.JAVA_FLOAT_UNALIGNED, floats + at, (float) known.scale(d));
            }
        }
    }
}
