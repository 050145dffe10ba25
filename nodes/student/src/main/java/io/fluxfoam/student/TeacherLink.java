package io.fluxfoam.student;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.heatmap.Region;
import io.fluxfoam.heatmap.Statistics;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.student.net.Alignment;
import io.fluxfoam.tensor.FrameNumber;

import java.util.function.Consumer;

/**
 * One teacher as the student's duty cycle follows it: reads its features in order, adds its region
 * when the first ones come, masks it while the teacher is gone. A slot of a HOLDOUT frame is never
 * opened. A teacher whose tensors do not fit is masked for that life of it.
 */
final class TeacherLink {
    private static final int TENSORS_PER_TURN = 4;

    private final String name;
    private final Alignment alignment;
    private final Subscription features;
    private final GpuFusion fusion;
    private final RegionTable regions;
    private final Consumer<Exception> onError;
    private final Counter present;
    private final Gauge weight;
    private TeacherRegion region;
    private boolean alive;
    private long refusedIncarnation;

    /**
     * Follows a teacher.
     *
     * @param fusion takes tensors that lie on a GPU; null if the student works on the host, which
     *     then gets copies of them
     */
    TeacherLink(
            String name,
            Alignment alignment,
            Subscription features,
            GpuFusion fusion,
            RegionTable regions,
            Counters counters,
            Consumer<Exception> onError) {
        this.name = name;
        this.alignment = alignment;
        this.features = features.onlyFrames(frameNumber -> !FrameNumber.isHoldout(frameNumber));
        this.fusion = fusion;
        this.regions = regions;
        this.onError = onError;
        region = regions.snapshot().find(name);
        present = counters.counter("teacher." + name + ".present");
        weight = counters.gauge("teacher." + name + ".weight");
    }

    /** Takes the tensors that have come; returns how many. */
    int read(MomentAssembler assembler, long nowNs) {
        int count = 0;
        while (count < TENSORS_PER_TURN) {
            try (Lease lease = features.poll()) {
                if (lease == null) {
                    break;
                }
                count++;
                take(lease, assembler, nowNs);
            }
        }
        return count;
    }

    private void take(Lease lease, MomentAssembler assembler, long nowNs) {
        if (lease.incarnation() == refusedIncarnation) {
            return;
        }
        try {
            requireRegion(lease);
            if (fusion != null && !lease.isOnHost()) {
                assembler.target(
                        region,
                        lease.frameNumber(),
                        lease.captureNs(),
                        moment -> fusion.accept(region, moment, lease.memory()),
                        nowNs);
            } else {
                assembler.target(
                        region, lease.frameNumber(), lease.captureNs(), lease.payload(), nowNs);
            }
        } catch (IllegalArgumentException e) {
            refusedIncarnation = lease.incarnation();
            onError.accept(e);
            mask();
        }
    }

    /** Adds the region with the first tensor; every later one must have its shape. */
    private void requireRegion(Lease lease) {
        int dim = lease.rank() == 0 ? 0 : (int) lease.dim(lease.rank() - 1);
        int tokens = dim == 0 ? 0 : (int) (lease.payloadBytes() / Float.BYTES / dim);
        if (region == null) {
            region = regions.add(name, tokens, dim, alignment, Statistics.identity(dim));
            mask();
        }
        Region known = region.region();
        if (tokens != known.tokens() || dim != known.dim()) {
            throw new IllegalArgumentException(
                    "features of another shape than their region: teacher="
                            + name
                            + " tokens="
                            + tokens
                            + " dim="
                            + dim
                            + " region=["
                            + known.tokens()
                            + ", "
                            + known.dim()
                            + "]");
        }
    }

    /** Masks or unmasks the region as the teacher dies or returns. */
    void alive(boolean isAlive) {
        alive = isAlive;
        mask();
    }

    private void mask() {
        boolean refused = refusedIncarnation != 0 && refusedIncarnation == features.incarnation();
        if (region != null) {
            region.present(alive && !refused);
        }
        boolean active = region != null && region.active();
        present.set(alive ? 1 : 0);
        weight.set(active ? region.weight() : 0);
    }
}
