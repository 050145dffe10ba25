package io.fluxfoam.device;

import io.fluxfoam.tensor.DType;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kernels in plain Java: the reference for what a GPU computes. Thread-safe. */
final class HostFusionKernels implements FusionKernels {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort F16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int PARTS = 4;

    @Override
    public void gather(
            FusionTable table,
            @Nullable DeviceMemory mask,
            @Nullable Standardization standardization,
            Gathered into) {
        for (int region = 0; region < table.regions(); region++) {
            gather(table, region, mask, standardization, into);
        }
    }

    private static void gather(
            FusionTable table,
            int region,
            @Nullable DeviceMemory mask,
            @Nullable Standardization standardization,
            Gathered into) {
        DeviceMemory source = table.source(region);
        int nonFinite = 0;
        for (int i = 0; i < table.length(region); i++) {
            long position = table.offset(region) + (long) i;
            float value = 0;
            float weight = 0;
            if (source != null
                    && (mask == null || mask.segment().get(ValueLayout.JAVA_BYTE, position) != 0)) {
                value = load(source.segment(), table.dtype(region), i);
                if (standardization != null) {
                    float mean = standardization.mean().segment().getAtIndex(F32, position);
                    value =
                            (value - mean)
                                    * standardization
                                            .inverseScale()
                                            .segment()
                                            .getAtIndex(F32, position);
                }
                weight = table.weight(region);
                if (!Float.isFinite(value)) {
                    value = 0;
                    weight = 0;
                    nonFinite++;
                }
            }
            into.heatmap().segment().setAtIndex(F32, position, value);
            into.weights().segment().setAtIndex(F32, position, weight);
        }
        if (nonFinite > 0 && into.nonFinite() != null) {
            MemorySegment counts = into.nonFinite().segment();
            counts.setAtIndex(I32, region, counts.getAtIndex(I32, region) + nonFinite);
        }
    }

    private static float load(MemorySegment source, DType dtype, long index) {
        return switch (dtype) {
            case F32 -> source.getAtIndex(F32, index);
            case F16 -> Float.float16ToFloat(source.getAtIndex(F16, index));
            case BF16 -> Float.intBitsToFloat(source.getAtIndex(F16, index) << 16);
            default -> throw new IllegalArgumentException("cannot fuse this type: dtype=" + dtype);
        };
    }

    @Override
    public void loss(
            FusionTable table,
            Batch batch,
            LossShares shares,
            @Nullable DeviceMemory gradient,
            DeviceMemory parts) {
        for (int sample = 0; sample < batch.samples(); sample++) {
            for (int region = 0; region < table.regions(); region++) {
                long first = (long) sample * batch.stride() + table.offset(region);
                long part = PARTS * ((long) sample * table.regions() + region);
                loss(batch, shares, first, table.length(region), gradient, parts.segment(), part);
            }
        }
    }

    private static void loss(
            Batch batch,
            LossShares shares,
            long first,
            int length,
            @Nullable DeviceMemory gradient,
            MemorySegment parts,
            long part) {
        MemorySegment prediction = batch.prediction().segment();
        MemorySegment target = batch.target().segment();
        MemorySegment weights = batch.weights().segment();
        double st = 0;
        double ss = 0;
        double tt = 0;
        double error = 0;
        double weight = 0;
        long present = 0;
        for (long i = first; i < first + length; i++) {
            double s = prediction.getAtIndex(F32, i);
            double t = target.getAtIndex(F32, i);
            double v = weights.getAtIndex(F32, i);
            st += v * s * t;
            ss += v * s * s;
            tt += v * t * t;
            error += v * (s - t) * (s - t);
            weight += v;
            present += v > 0 ? 1 : 0;
        }
        double ofPrediction = Math.sqrt(ss + shares.epsilon());
        double ofTarget = Math.sqrt(tt + shares.epsilon());
        double cosine = st / (ofPrediction * ofTarget);
        double mse = weight > 0 ? error / weight : 0;
        double importance = present > 0 ? weight / present : 0;
        if (gradient != null) {
            double alongTarget = -importance * shares.cosine() / (ofPrediction * ofTarget);
            double alongPrediction =
                    importance * shares.cosine() * cosine / (ofPrediction * ofPrediction);
            double alongDifference =
                    weight > 0 ? 2 * importance * shares.meanSquares() / weight : 0;
            for (long i = first; i < first + length; i++) {
                double s = prediction.getAtIndex(F32, i);
                double t = target.getAtIndex(F32, i);
                double slope = alongTarget * t + alongPrediction * s + alongDifference * (s - t);
                gradient.segment().setAtIndex(F32, i, (float) (weights.getAtIndex(F32, i) * slope));
            }
        }
        parts.setAtIndex(F32, part, (float) cosine);
        parts.setAtIndex(F32, part + 1, (float) mse);
        double loss = importance * (shares.cosine() * (1 - cosine) + shares.meanSquares() * mse);
        parts.setAtIndex(F32, part + 2, (float) loss);
        parts.setAtIndex(F32, part + 3, (float) importance);
    }

    @Override
    public void collect(
            DeviceMemory source,
            DType dtype,
            int tokens,
            int dim,
            long rows,
            DeviceMemory mean,
            DeviceMemory squares) {
        for (int d = 0; d < dim; d++) {
            double m = mean.segment().getAtIndex(F64, d);
            double q = squares.segment().getAtIndex(F64, d);
            for (int token = 0; token < tokens; token++) {
                double value = load(source.segment(), dtype, (long) token * dim + d);
                double delta = value - m;
                m += delta * (1.0 / (rows + token + 1));
                q += delta * (value - m);
            }
            mean.segment().setAtIndex(F64, d, m);
            squares.segment().setAtIndex(F64, d, q);
        }
    }
}
