package io.fluxfoam.student.train;

import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.HeatmapTag;
import io.fluxfoam.distill.Region;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.RegionTable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What the student predicts of one frame, standardised, on its way to be published. The object is
 * used again and again; the trainer fills it, the duty cycle reads it.
 */
public final class Prediction {
    /** From both inputs, from the picture alone, from the sound alone. */
    public static final int VIEWS = 3;

    /** Most floats in a region that is predicted in views. */
    public static final int MAX_VIEW_FLOATS = 1024;

    private final MemorySegment heatmap;
    private final MemorySegment views;
    private HeatmapScaling scaling;
    private Region viewed;
    private long frameNumber;
    private long captureNs;
    private int fromRow;
    private int toRow;

    public Prediction(Arena memory) {
        heatmap = memory.allocate((long) RegionTable.MAX_FLOATS * Float.BYTES, 64);
        views = memory.allocate((long) VIEWS * MAX_VIEW_FLOATS * Float.BYTES, 64);
    }

    /** Trainer: begins with another frame. */
    void begin(HeatmapScaling how, Moment moment) {
        scaling = how;
        viewed = null;
        frameNumber = moment.frameNumber();
        captureNs = moment.captureNs();
        fromRow = moment.windowFromRow();
        toRow = moment.windowToRow();
    }

    /** Where a region's floats are, standardised. */
    MemorySegment region(Region region) {
        return heatmap.asSlice(
                (long) region.offset() * Float.BYTES, (long) region.length() * Float.BYTES);
    }

    /**
     * Trainer: says that a region is predicted in views too, and returns where its {@code 3 x
     * length} floats go.
     */
    MemorySegment view(Region region) {
        viewed = region;
        return views();
    }

    /** The floats of the views, {@code [3, length]}, standardised. */
    public MemorySegment views() {
        return views.asSlice(0, (long) VIEWS * viewed.length() * Float.BYTES);
    }

    /** The region predicted in views, or null if none was. */
    public Region viewed() {
        return viewed;
    }

    /** The heatmap, standardised. */
    public MemorySegment heatmap() {
        return heatmap.asSlice(0, (long) scaling.layout().floats() * Float.BYTES);
    }

    /** How to read the numbers. */
    public HeatmapScaling scaling() {
        return scaling;
    }

    public long frameNumber() {
        return frameNumber;
    }

    /** What its readers are told with it. */
    public HeatmapTag tag() {
        return new HeatmapTag(scaling.layout().version(), fromRow, toRow);
    }

    /** When the frame was captured. */
    public long captureNs() {
        return captureNs;
    }
}
