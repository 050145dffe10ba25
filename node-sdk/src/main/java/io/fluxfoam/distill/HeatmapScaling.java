package io.fluxfoam.distill;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a heatmap is put on a common scale and back: the scaling of each region that is known.
 * Immutable. The student publishes it as the stream {@link LoopStreams#STATISTICS}, beside the
 * layout and under the layout's version:
 *
 * <pre>
 *   f32 [2, layout.floats()]   mean at every position of the heatmap, then scale at every position;
 *                              scale 0 where nothing is known
 * </pre>
 *
 * @param layout the regions
 * @param regions scaling of each region, in the layout's order; empty while it is not known
 */
public record HeatmapScaling(HeatmapLayout layout, List<Optional<RegionScaling>> regions) {
    /** Before any teacher was seen. */
    public static final HeatmapScaling NONE = new HeatmapScaling(HeatmapLayout.EMPTY, List.of());

    /** Takes a copy of the list. */
    public HeatmapScaling {
        regions = List.copyOf(regions);
    }

    /**
     * Reads back what {@link #write} wrote.
     *
     * @param version of the layout that it was written for: the tag of its slot
     * @param values the payload, 4-byte floats at any address
     * @return empty if it is not of this layout
     * @throws IllegalArgumentException if a number makes no sense
     */
    public static Optional<HeatmapScaling> read(
            HeatmapLayout layout, long version, MemorySegment values) {
        if (layout.version() != version
                || values.byteSize() != 2L * layout.floats() * Float.BYTES) {
            return Optional.empty();
        }
        List<Optional<RegionScaling>> regions = new ArrayList<>();
        for (Region region : layout.regions()) {
            regions.add(
                    RegionScaling.published(
                            row(values, region.offset(), region.dim()),
                            row(values, layout.floats() + region.offset(), region.dim())));
        }
        return Optional.of(new HeatmapScaling(layout, regions));
    }

    /** The first row of a region: all its tokens share it. */
    private static double[] row(MemorySegment values, int from, int dim) {
        double[] row = new double[dim];
        for (int d = 0; d < dim; d++) {
            row[d] = values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) from + d);
        }
        return row;
    }

    /** Writes mean and scale at each position; zeros where nothing is known. */
    public void write(MemorySegment out) {
        out.fill((byte) 0);
        int floats = layout.floats();
        for (int i = 0; i < regions.size(); i++) {
            Region region = layout.regions().get(i);
            regions.get(i).ifPresent(scaling -> write(scaling, region, floats, out));
        }
    }

    private static void write(RegionScaling scaling, Region region, int floats, MemorySegment out) {
        for (int k = 0; k < region.length(); k++) {
            int d = k % region.dim();
            int at = region.offset() + k;
            out.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) scaling.mean(d));
            out.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, floats + at, (float) scaling.scale(d));
        }
    }

    /** Scaling of one of the layout's regions; empty while it is not known. */
    public Optional<RegionScaling> of(Region region) {
        int index = layout.regions().indexOf(region);
        return index < 0 ? Optional.empty() : regions.get(index);
    }

    /**
     * Writes a standardised heatmap in the teachers' own units; padding and regions that are not
     * known are zero.
     *
     * @param standardized {@code layout.floats()} floats
     * @param heatmap as many
     */
    public void destandardize(MemorySegment standardized, MemorySegment heatmap) {
        heatmap.fill((byte) 0);
        for (int i = 0; i < regions.size(); i++) {
            if (regions.get(i).isPresent()) {
                Region region = layout.regions().get(i);
                MemorySegment values =
                        standardized.asSlice(
                                (long) region.offset() * Float.BYTES,
                                (long) region.length() * Float.BYTES);
                regions.get(i).get().destandardize(values, heatmap, region.offset());
            }
        }
    }
}
