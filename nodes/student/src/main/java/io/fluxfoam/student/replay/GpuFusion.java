package io.fluxfoam.student.replay;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.FusionKernels;
import io.fluxfoam.device.FusionTable;
import io.fluxfoam.device.WorkQueue;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Standardizer;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.tensor.DType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Fuses teachers' tensors where they lie in a GPU's memory: the fabric's kernels standardise a
 * region and collect its statistics there, and only what has been fused comes to the host, where
 * the student's network is. Belongs to the duty cycle.
 */
public final class GpuFusion {
    private static final long TIMEOUT_NS = 10_000_000_000L;
    private static final int COUNT_BYTES = Integer.BYTES;

    private final Device device;
    private final WorkQueue queue;
    private final FusionKernels kernels;
    private final Map<Region, Place> places = new HashMap<>();
    private long copiedBytes;
    private long fusedTensors;

    /** For a device that is a GPU; its kernels work in the calling thread's queue. */
    public GpuFusion(Device device) {
        this.device = device;
        queue = device.queue();
        kernels = device.fusion();
    }

    /** What a region needs on the GPU, allocated when its first tensor comes and kept. */
    private final class Place {
        private final FusionTable table;
        private final int length;
        private final int dim;
        private final Buffer perPosition;
        private final Buffer perPositionOnHost;
        private final Buffer fused;
        private final Buffer fusedOnHost;
        private final Buffer sums;
        private final Buffer sumsOnHost;
        private final FusionKernels.Standardization standardization;
        private final FusionKernels.Gathered gathered;
        private Statistics known;
        private int nonFinite;

        private Place(Region region) {
            length = region.length();
            dim = region.dim();
            long bytes = (long) length * Float.BYTES;
            table = new FusionTable(new int[] {0}, new int[] {length});
            perPosition = device.allocate(2 * bytes);
            perPositionOnHost = device.allocateHost(2 * bytes);
            fused = device.allocate(2 * bytes + COUNT_BYTES);
            fusedOnHost = device.allocateHost(bytes + COUNT_BYTES);
            sums = device.allocate(2L * dim * Double.BYTES);
            sumsOnHost = device.allocateHost(2L * dim * Double.BYTES);
            DeviceMemory positions = perPosition.memory();
            standardization =
                    new FusionKernels.Standardization(
                            positions.slice(0, bytes), positions.slice(bytes, bytes));
            gathered =
                    new FusionKernels.Gathered(
                            fused.memory().slice(0, bytes),
                            fused.memory().slice(bytes + COUNT_BYTES, bytes),
                            fused.memory().slice(bytes, COUNT_BYTES));
        }

        /** The host's copy of mean and inverse scale is used again only after its last way down. */
        private void know(Statistics statistics) {
            if (known == statistics) {
                return;
            }
            MemorySegment positions = perPositionOnHost.memory().segment();
            for (int i = 0; i < length; i++) {
                int d = i % dim;
                positions.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) statistics.mean(d));
                positions.setAtIndex(
                        ValueLayout.JAVA_FLOAT, length + i, (float) (1 / statistics.scale(d)));
            }
            queue.copy(perPositionOnHost.memory(), perPosition.memory(), positions.byteSize());
            known = statistics;
        }

        /** The fused region on the host; null if a value was not finite, which the GPU counts. */
        private MemorySegment fuse(DeviceMemory tensor) {
            table.source(0, tensor, DType.F32);
            kernels.gather(table, null, standardization, gathered);
            toHost(fused, fusedOnHost, fusedOnHost.memory().bytes());
            MemorySegment onHost = fusedOnHost.memory().segment();
            int counted = onHost.getAtIndex(ValueLayout.JAVA_INT, length);
            boolean isFinite = counted == nonFinite;
            nonFinite = counted;
            return isFinite ? onHost.asSlice(0, (long) length * Float.BYTES) : null;
        }

        private boolean collect(DeviceMemory tensor, Standardizer standardizer) {
            long half = (long) dim * Double.BYTES;
            MemorySegment onHost = sumsOnHost.memory().segment();
            standardizer.copyTo(onHost.asSlice(0, half), onHost.asSlice(half, half));
            queue.copy(sumsOnHost.memory(), sums.memory(), 2 * half);
            kernels.collect(
                    tensor,
                    DType.F32,
                    length / dim,
                    dim,
                    standardizer.rows(),
                    sums.memory().slice(0, half),
                    sums.memory().slice(half, half));
            toHost(sums, sumsOnHost, 2 * half);
            return standardizer.collected(
                    length / dim, onHost.asSlice(0, half), onHost.asSlice(half, half));
        }
    }

    private void toHost(Buffer from, Buffer to, long bytes) {
        queue.copy(from.memory(), to.memory(), bytes);
        queue.await(TIMEOUT_NS);
        copiedBytes += bytes;
    }

    /**
     * Takes a teacher's tensor of a TRAIN frame as the target of a moment; what {@link
     * TeacherRegion#accept} does with one on the host.
     *
     * @param tensor in the GPU's memory, under a lease until this returns
     * @return false if it holds a value that cannot be this teacher's; it then changes nothing
     */
    public boolean accept(TeacherRegion region, Moment moment, DeviceMemory tensor) {
        Place place = places.computeIfAbsent(region.region(), Place::new);
        Statistics statistics = region.statistics();
        place.know(statistics);
        MemorySegment fused = place.fuse(tensor);
        if (fused == null || !region.acceptStandardized(moment, fused)) {
            return false;
        }
        fusedTensors++;
        if (!region.standardizer().frozen()) {
            region.collected(place.collect(tensor, region.standardizer()));
        }
        return true;
    }

    /** Bytes that came from the GPU to the host. */
    public long copiedBytes() {
        return copiedBytes;
    }

    /** Tensors that were fused on the GPU and taken. */
    public long fusedTensors() {
        return fusedTensors;
    }
}
