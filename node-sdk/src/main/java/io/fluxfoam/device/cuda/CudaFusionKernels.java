package io.fluxfoam.device.cuda;

import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.FusionKernels;
import io.fluxfoam.device.FusionTable;
import io.fluxfoam.tensor.DType;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Launches the kernels of {@code fusion.cu} in one thread's queue. */
final class CudaFusionKernels implements FusionKernels {
    /** Sizes of each kernel's parameters, as its PTX declares them. */
    static final Map<String, List<Integer>> PARAMETER_BYTES =
            Map.of(
                    "gather", List.of(24 * FusionTable.MAX_REGIONS, 8, 8, 8, 8, 8, 8),
                    "loss", List.of(8 * FusionTable.MAX_REGIONS, 8, 8, 8, 8, 8, 4, 4, 4, 4),
                    "collect", List.of(8, 4, 4, 4, 8, 8, 8),
                    "stamp", List.of(8, 8));

    private static final int THREADS = 256;
    private static final int FLOATS_A_THREAD = 4;

    private final CudaQueue queue;
    private final CudaKernel gather;
    private final CudaKernel loss;
    private final CudaKernel collect;

    CudaFusionKernels(CudaModule module, CudaQueue queue) {
        this.queue = queue;
        this.gather = kernel(module, "gather");
        this.loss = kernel(module, "loss");
        this.collect = kernel(module, "collect");
    }

    /** A kernel of {@code fusion.cu} by its name. */
    static CudaKernel kernel(CudaModule module, String name) {
        return module.kernel(name, Objects.requireNonNull(PARAMETER_BYTES.get(name), name));
    }

    @Override
    public void gather(
            FusionTable table,
            @Nullable DeviceMemory mask,
            @Nullable Standardization standardization,
            Gathered into) {
        ByteBuffer structure = gather.argument(0).clear();
        int longest = 1;
        for (int region = 0; region < table.regions(); region++) {
            DeviceMemory source = table.source(region);
            structure.putLong(source == null ? 0 : address(source));
            structure.putInt(source == null ? 0 : table.dtype(region).code());
            structure.putInt(table.offset(region));
            structure.putInt(table.length(region));
            structure.putFloat(table.weight(region));
            longest = Math.max(longest, table.length(region));
        }
        gather.argument(1, addressOrNull(mask))
                .argument(2, standardization == null ? 0L : address(standardization.mean()))
                .argument(3, standardization == null ? 0L : address(standardization.inverseScale()))
                .argument(4, address(into.heatmap()))
                .argument(5, address(into.weights()))
                .argument(6, addressOrNull(into.nonFinite()))
                .launch(
                        queue,
                        Math.ceilDiv(longest, THREADS * FLOATS_A_THREAD),
                        table.regions(),
                        THREADS);
    }

    @Override
    public void loss(
            FusionTable table,
            Batch batch,
            LossShares shares,
            @Nullable DeviceMemory gradient,
            DeviceMemory parts) {
        ByteBuffer structure = loss.argument(0);
        for (int region = 0; region < table.regions(); region++) {
            structure.putInt(Integer.BYTES * region, table.offset(region));
            structure.putInt(
                    Integer.BYTES * (FusionTable.MAX_REGIONS + region), table.length(region));
        }
        loss.argument(1, address(batch.prediction()))
                .argument(2, address(batch.target()))
                .argument(3, address(batch.weights()))
                .argument(4, addressOrNull(gradient))
                .argument(5, address(parts))
                .argument(6, batch.stride())
                .argument(7, shares.cosine())
                .argument(8, shares.meanSquares())
                .argument(9, shares.epsilon())
                .launch(queue, table.regions(), batch.samples(), THREADS);
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
        collect.argument(0, address(source))
                .argument(1, dtype.code())
                .argument(2, tokens)
                .argument(3, dim)
                .argument(4, rows)
                .argument(5, address(mean))
                .argument(6, address(squares))
                .launch(queue, Math.ceilDiv(dim, THREADS), 1, THREADS);
    }

    private static long addressOrNull(@Nullable DeviceMemory memory) {
        return memory == null ? 0 : address(memory);
    }

    private static long address(DeviceMemory memory) {
        if (memory.isHost()) {
            throw new IllegalArgumentException(
                    "kernels of a GPU work on its own memory: bytes=" + memory.bytes());
        }
        return memory.address();
    }
}
