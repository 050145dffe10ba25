package io.fluxfoam.student;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.FeatureReader;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.Reduction;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.distill.TeacherRefusal;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.student.replay.GpuFusion;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.replay.TeacherRegion;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One teacher as the student's duty cycle follows it: reads its features in order, adds its region
 * when the first ones come, masks it while the teacher is gone. A slot of a HOLDOUT frame is never
 * opened. A teacher whose tensors do not fit, or that looks at another sensor, is masked for that
 * life of it; one of another epoch is another teacher, and its region begins anew.
 */
final class TeacherLink {
    private final String name;
    private final String sensor;
    private final Supplier<Optional<Manifest>> manifest;
    private final Subscription features;
    private final GpuFusion fusion;
    private final RegionTable regions;
    private final Consumer<Exception> onError;
    private final Counter present;
    private final Gauge weight;
    private final Counter refused;
    private final FeatureReader reader = new FeatureReader();
    private final Obedience obedience;
    private TeacherRegion region;
    private long livingIncarnation;
    private TeacherCard card;
    private long metIncarnation;
    private long refusedIncarnation;
    private boolean isRefusedForAReason;

    /**
     * Follows a teacher.
     *
     * @param sensor node whose frames the student learns from
     * @param manifest the teacher's newest one
     * @param fusion takes tensors that lie on a GPU; null if the student works on the host, which
     *     then gets copies of them
     */
    TeacherLink(
            String name,
            String sensor,
            Supplier<Optional<Manifest>> manifest,
            Subscription features,
            GpuFusion fusion,
            RegionTable regions,
            Counters counters,
            Consumer<Exception> onError) {
        this.name = name;
        this.sensor = sensor;
        this.manifest = manifest;
        this.features = features.onlyFrames(frameNumber -> !HoldoutRule.isHoldout(frameNumber));
        this.fusion = fusion;
        this.regions = regions;
        this.onError = onError;
        region = regions.snapshot().find(name);
        present = counters.counter(LoopCounters.TEACHER_PRESENT.of(name));
        weight = counters.gauge(LoopCounters.TEACHER_WEIGHT.of(name));
        refused = counters.counter(LoopCounters.TEACHER_REFUSED.of(name));
        obedience = new Obedience(counters.counter(LoopCounters.TEACHER_WITHDRAWN.of(name))::add);
    }

    /** Takes the tensors that have come, but not more than this; returns how many. */
    int read(MomentAssembler assembler, long nowNs, int most) {
        int count = 0;
        while (count < most) {
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
        if (!isWelcome(lease.incarnation())) {
            return;
        }
        try {
            Reduction reduction = reader.reduction(lease, card);
            requireRegion(reduction);
            if (obedience.refuses(lease.frameNumber())) {
                obedience.refused();
                assembler.passOver(region, lease.frameNumber());
                return;
            }
            if (fusion != null && !lease.isOnHost() && reduction.isPlain()) {
                assembler.target(
                        region,
                        lease.frameNumber(),
                        lease.captureNs(),
                        moment -> fusion.accept(region, moment, lease.memory()),
                        nowNs);
            } else {
                MemorySegment values = reader.read(lease, card);
                assembler.target(region, lease.frameNumber(), lease.captureNs(), values, nowNs);
            }
            beginAnewIfSpoiled();
        } catch (IllegalArgumentException e) {
            refuse(lease.incarnation(), e);
        }
    }

    private void refuse(long incarnation, IllegalArgumentException reason) {
        refusedIncarnation = incarnation;
        isRefusedForAReason = true;
        String text = new TeacherRefusal(name, String.valueOf(reason.getMessage())).text();
        onError.accept(new IllegalArgumentException(text, reason));
        mask();
    }

    /** What a life has left is not taken once the next one is known. */
    private boolean isWelcome(long incarnation) {
        if (incarnation != metIncarnation) {
            manifest.get().filter(m -> m.incarnation() == incarnation).ifPresent(this::meet);
        }
        return incarnation == metIncarnation && incarnation != refusedIncarnation;
    }

    private void meet(Manifest teacher) {
        if (teacher.incarnation() == metIncarnation) {
            return;
        }
        metIncarnation = teacher.incarnation();
        isRefusedForAReason = false;
        card = null;
        try {
            card = TeacherCard.of(teacher);
        } catch (IllegalArgumentException e) {
            String what = "its manifest is not understood: " + e.getMessage();
            refuse(metIncarnation, new IllegalArgumentException(what, e));
            return;
        }
        if (!TeacherCard.looksAt(teacher, sensor)) {
            refusedIncarnation = metIncarnation;
            mask();
        }
    }

    /** Masks or unmasks the region as the teacher dies or returns. */
    void follow(PeerView peer) {
        livingIncarnation = peer.state().isHeld() ? peer.incarnation() : 0;
        peer.manifest().ifPresent(this::meet);
        mask();
    }

    /** Does what the evaluators hold of it. */
    void obey(Optional<TeacherVerdict> verdict, MomentAssembler assembler) {
        if (region != null && card != null) {
            Optional<TeacherVerdict> onThis =
                    verdict.filter(said -> said.epoch().equals(card.epoch()));
            obedience.follow(onThis, region, assembler);
            mask();
        }
    }

    String name() {
        return name;
    }

    private void beginAnewIfSpoiled() {
        if (region.spoiled()) {
            region = regions.renew(region, region.targetSource());
            mask();
            onError.accept(
                    new IllegalArgumentException(
                            "a value far off has spoiled the statistics, they begin anew: teacher="
                                    + name));
        }
    }

    /**
     * Adds the region with the first tensor; every later one must have its shape. What was learned
     * of another epoch says nothing about this one.
     */
    private void requireRegion(Reduction reduction) {
        int tokens = reduction.tokens();
        int dim = reduction.dim();
        TargetSource targetSource = TargetSource.of(card);
        if (region == null) {
            region = regions.add(name, tokens, dim, targetSource, Statistics.identity(dim));
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
        if (!region.targetSource().equals(targetSource)) {
            region = regions.renew(region, targetSource);
            mask();
        }
        region.scaleKnown(card.scaleKnown());
    }

    private void mask() {
        boolean isTaught =
                livingIncarnation != 0
                        && livingIncarnation == metIncarnation
                        && livingIncarnation != refusedIncarnation;
        if (region != null) {
            region.present(isTaught && region.targetSource().equals(TargetSource.of(card)));
        }
        boolean active = region != null && region.active();
        present.set(region != null && region.present() ? 1 : 0);
        weight.set(active && !obedience.refusesAll() ? region.weight() : 0);
        refused.set(livingIncarnation == metIncarnation && isRefusedForAReason ? 1 : 0);
    }
}
