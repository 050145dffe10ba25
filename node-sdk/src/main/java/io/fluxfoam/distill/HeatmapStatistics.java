package io.fluxfoam.distill;

import java.util.List;
import java.util.Optional;

/**
 * How the student's heads speak at one time: the regions they predict, and for each the statistics
 * under which its head is trained. Immutable.
 *
 * @param layout the regions that have a head
 * @param statistics of each region, in the layout's order
 */
public record HeatmapStatistics(HeatmapLayout layout, List<Statistics> statistics) {
    /** Before any teacher was seen. */
    public static final HeatmapStatistics NONE =
            new HeatmapStatistics(HeatmapLayout.EMPTY, List.of());

    /**
     * Checks that each region has its statistics.
     *
     * @throws IllegalArgumentException if not
     */
    public HeatmapStatistics {
        statistics = List.copyOf(statistics);
        if (statistics.size() != layout.regions().size()) {
            throw new IllegalArgumentException(
                    "regions=" + layout.regions().size() + " but statistics=" + statistics.size());
        }
    }

    /** What readers of a prediction need of them. */
    public HeatmapScaling scaling() {
        return new HeatmapScaling(
                layout,
                statistics.stream()
                        .map(known -> Optional.of(known.scaling()).filter(_ -> known.usable()))
                        .toList());
    }
}
