package io.fluxfoam.device;

import io.fluxfoam.tensor.DType;

import org.jspecify.annotations.Nullable;

/**
 * What is computed on the memory of teachers and student: many tensors into one heatmap, the loss
 * against it, and the statistics that standardise it. Queued and done in order on a GPU, done at
 * once on the host, which is the reference that every device is tested against. All memory must be
 * the device's. Floats are 32 bits wide; "positions" are floats of the heatmap. Belongs to one
 * thread.
 */
public interface FusionKernels {
    /**
     * Standardisation of a heatmap.
     *
     * @param mean f32 for each position
     * @param inverseScale f32 for each position, 1 / scale
     */
    record Standardization(DeviceMemory mean, DeviceMemory inverseScale) {}

    /**
     * What a gather writes.
     *
     * @param heatmap f32 for each position: {@code (x - mean) * inverseScale}; 0 where there is
     *     nothing
     * @param weights f32 for each position: the region's weight; 0 where there is nothing
     * @param nonFinite i32 for each region, grows by the number of values that were not finite and
     *     became nothing; or null
     */
    record Gathered(DeviceMemory heatmap, DeviceMemory weights, @Nullable DeviceMemory nonFinite) {}

    /**
     * Reads every region's tensor where it lies and fuses them. What lies between regions is left
     * as it is.
     *
     * @param table the regions and their tensors
     * @param mask u8 for each position, 0 = as if absent; or null
     * @param standardization null leaves values as they are
     */
    void gather(
            FusionTable table,
            @Nullable DeviceMemory mask,
            @Nullable Standardization standardization,
            Gathered into);

    /**
     * What the loss is made of: {@code cosine * (1 - cos) + meanSquares * mse}.
     *
     * @param epsilon added to the squared lengths of both vectors
     */
    record LossShares(float cosine, float meanSquares, float epsilon) {}

    /**
     * Heatmaps of a batch, each f32 {@code [samples, stride]}.
     *
     * @param prediction the student's
     * @param target the teachers'
     * @param weights of positions; 0 = nothing is known there
     * @param stride floats from one sample to the next, at least the table's
     */
    record Batch(
            int samples,
            int stride,
            DeviceMemory prediction,
            DeviceMemory target,
            DeviceMemory weights) {}

    /**
     * Loss of each region of each sample, and its gradient. With W the mean of a region's weights
     * that are not 0, and cos and mse weighted by position: {@code W * (cosine * (1 - cos) +
     * meanSquares * mse)}.
     *
     * @param table the regions; their tensors do not matter
     * @param gradient f32 like the prediction, d loss / d prediction, written inside regions only;
     *     or null
     * @param parts f32 {@code [samples, regions, 4]}: cos, mse, loss, W
     */
    void loss(
            FusionTable table,
            Batch batch,
            LossShares shares,
            @Nullable DeviceMemory gradient,
            DeviceMemory parts);

    /**
     * Goes on collecting mean and sum of squared deviations of each dimension (Welford), every
     * token of a tensor one row.
     *
     * @param source {@code tokens x dim} of {@code dtype}: f32, f16 or bf16
     * @param rows rows collected before
     * @param mean f64 for each dimension
     * @param squares f64 for each dimension
     */
    void collect(
            DeviceMemory source,
            DType dtype,
            int tokens,
            int dim,
            long rows,
            DeviceMemory mean,
            DeviceMemory squares);
}
