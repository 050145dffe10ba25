package io.fluxfoam.evaluator;

import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.Region;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How to read what the student publishes: its regions and their statistics, each as of one
 * incarnation and layout version. They come on two streams; a prediction that they do not fit
 * cannot be judged.
 */
final class StudentTerms {
    private HeatmapLayout layout = HeatmapLayout.EMPTY;
    private long layoutIncarnation;
    private float[] means = new float[0];
    private float[] scales = new float[0];
    private long statisticsIncarnation;
    private long statisticsVersion;
    private final Map<String, Optional<RegionStatistics>> byRegion = new HashMap<>();

    /**
     * Takes a new layout.
     *
     * @throws IllegalArgumentException if it is none
     */
    void layout(long incarnation, long version, String text) {
        layout = HeatmapLayout.parse(Math.toIntExact(version), text);
        layoutIncarnation = incarnation;
        byRegion.clear();
    }

    /**
     * Takes new statistics.
     *
     * @param values mean of every value of the heatmap, then scale of every value; scale 0 where
     *     nothing is known
     */
    void statistics(long incarnation, long version, float[] values) {
        int floats = values.length / 2;
        means = Arrays.copyOf(values, floats);
        scales = Arrays.copyOfRange(values, floats, 2 * floats);
        statisticsIncarnation = incarnation;
        statisticsVersion = version;
        byRegion.clear();
    }

    /** The newest layout. */
    HeatmapLayout layout() {
        return layout;
    }

    /**
     * Whether a prediction of this incarnation and layout version can be read. Regions are only
     * ever appended, so a newer layout tells all about an older prediction.
     */
    boolean fit(long incarnation, long version) {
        return layoutIncarnation == incarnation
                && statisticsIncarnation == incarnation
                && layout.version() >= version
                && layout.version() == statisticsVersion
                && layout.floats() == means.length;
    }

    /** Statistics of one of the layout's regions; empty while the student does not know them. */
    Optional<RegionStatistics> of(Region region) {
        return byRegion.computeIfAbsent(region.name(), name -> slice(region));
    }

    private Optional<RegionStatistics> slice(Region region) {
        for (int i = region.offset(); i < region.end(); i++) {
            if (i >= scales.length || scales[i] == 0) {
                return Optional.empty();
            }
        }
        return Optional.of(
                new RegionStatistics(
                        Arrays.copyOfRange(means, region.offset(), region.end()),
                        Arrays.copyOfRange(scales, region.offset(), region.end())));
    }
}
