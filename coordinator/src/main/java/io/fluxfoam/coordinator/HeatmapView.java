package io.fluxfoam.coordinator;

import io.fluxfoam.distill.HeatmapTag;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The reality heatmap of one moment: what the student predicted, beside what the teachers said of
 * the same frame. All values are standardised as the student trains with them: 0 is the mean of the
 * training, 1 one scale away from it.
 *
 * @param frame number of the frame, {@code incarnation:counter} of the sensor
 * @param holdout whether the student never trains on this frame
 * @param ageSeconds since the frame was captured
 * @param window what of the picture the student has looked at sharply; null if it does not say
 * @param regions in the student's order
 */
record HeatmapView(
        String frame,
        boolean holdout,
        double ageSeconds,
        @Nullable Window window,
        List<RegionView> regions) {
    HeatmapView {
        regions = List.copyOf(regions);
    }

    /**
     * Rows of a picture.
     *
     * @param fromRow the first
     * @param toRow the one behind the last
     */
    record Window(int fromRow, int toRow) {
        /** What a prediction's tag says. */
        static @Nullable Window of(long tag) {
            HeatmapTag said = HeatmapTag.of(tag);
            return said.toRow() == 0 ? null : new Window(said.fromRow(), said.toRow());
        }
    }

    /**
     * One teacher's region.
     *
     * @param name of the teacher
     * @param tokens rows of its tensor
     * @param dim floats in a row
     * @param student evenly spaced values of the prediction; null while the region's statistics are
     *     not known
     * @param teacher the values at the same places; null if the teacher's tensor of this frame is
     *     not there
     */
    record RegionView(
            String name,
            int tokens,
            int dim,
            @Nullable List<Double> student,
            @Nullable List<Double> teacher) {}
}
