package io.fluxfoam.device;

import io.fluxfoam.tensor.DType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The regions of a heatmap and, for one moment, the tensors that fill them. Sized once and then
 * refilled for each moment; belongs to one thread.
 */
public final class FusionTable {
    /** Most regions: the table travels to a GPU as a kernel's parameter. */
    public static final int MAX_REGIONS = 64;

    private final int[] offsets;
    private final int[] lengths;
    private final @Nullable DeviceMemory[] sources;
    private final DType[] dtypes;
    private final float[] weights;

    /**
     * A table of regions without tensors, each of weight 1.
     *
     * @param offsets first float of each region in the heatmap
     * @param lengths floats of each region
     */
    public FusionTable(int[] offsets, int[] lengths) {
        if (offsets.length != lengths.length || offsets.length > MAX_REGIONS) {
            throw new IllegalArgumentException(
                    "offsets="
                            + offsets.length
                            + " lengths="
                            + lengths.length
                            + " maxRegions="
                            + MAX_REGIONS);
        }
        for (int region = 0; region < offsets.length; region++) {
            if (offsets[region] < 0
                    || lengths[region] < 1
                    || offsets[region] > Integer.MAX_VALUE - lengths[region]) {
                throw new IllegalArgumentException(
                        "region="
                                + region
                                + " offset="
                                + offsets[region]
                                + " length="
                                + lengths[region]);
            }
        }
        this.offsets = offsets.clone();
        this.lengths = lengths.clone();
        this.sources = new DeviceMemory[offsets.length];
        this.dtypes = new DType[offsets.length];
        Arrays.fill(dtypes, DType.F32);
        this.weights = new float[offsets.length];
        Arrays.fill(weights, 1);
    }

    /** A region's tensor for this moment. */
    public FusionTable source(int region, DeviceMemory source, DType dtype) {
        if (dtype != DType.F32 && dtype != DType.F16 && dtype != DType.BF16) {
            throw new IllegalArgumentException(
                    "cannot fuse this type: region=" + region + " dtype=" + dtype);
        }
        if (source.bytes() < (long) lengths[region] * dtype.bytes()) {
            throw new IllegalArgumentException(
                    "tensor is smaller than its region: region="
                            + region
                            + " bytes="
                            + source.bytes()
                            + " dtype="
                            + dtype
                            + " length="
                            + lengths[region]);
        }
        sources[region] = source;
        dtypes[region] = dtype;
        return this;
    }

    /** A region has no tensor for this moment. */
    public FusionTable absent(int region) {
        sources[region] = null;
        return this;
    }

    /** How much a region counts. */
    public FusionTable weight(int region, float weight) {
        weights[region] = weight;
        return this;
    }

    public int regions() {
        return offsets.length;
    }

    /** First float of a region in the heatmap. */
    public int offset(int region) {
        return offsets[region];
    }

    /** Floats of a region. */
    public int length(int region) {
        return lengths[region];
    }

    /** Floats from the heatmap's first to the last region's last. */
    public int floats() {
        int end = 0;
        for (int region = 0; region < offsets.length; region++) {
            end = Math.max(end, offsets[region] + lengths[region]);
        }
        return end;
    }

    /** A region's tensor; null if it has none for this moment. */
    public @Nullable DeviceMemory source(int region) {
        return sources[region];
    }

    /** Element type of a region's tensor; meaningless if it has none. */
    public DType dtype(int region) {
        return dtypes[region];
    }

    /** How much a region counts. */
    public float weight(int region) {
        return weights[region];
    }
}
