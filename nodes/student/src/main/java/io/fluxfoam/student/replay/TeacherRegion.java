package io.fluxfoam.student.replay;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Standardizer;
import io.fluxfoam.distill.Statistics;

import java.lang.foreign.MemorySegment;

/**
 * A teacher's region with everything the duty cycle knows of it: its targets, its statistics,
 * whether the teacher is present. The trainer only reads.
 */
public final class TeacherRegion {
    private static final float FARTHEST_IF_UNKNOWN = 8;

    private final Region region;
    private final TargetSource targetSource;
    private final double weight;
    private final TargetColumn targets;
    private final TargetColumn own;
    private final Standardizer standardizer;
    private final CollapseWatch watch;
    private boolean scaleKnown = true;
    private boolean spoiled;
    private long newestFrame = Long.MIN_VALUE;
    private volatile boolean present;
    private volatile double trust = 1;

    TeacherRegion(
            ReplayMemory memory,
            Region region,
            TargetSource targetSource,
            Statistics known,
            int capacity,
            boolean keepsOwn) {
        this.region = region;
        this.targetSource = targetSource;
        this.weight = weightOf(targetSource.alignment());
        String epoch = targetSource.epoch();
        targets = new TargetColumn(memory, TargetColumn.part(region), region, epoch, capacity);
        own =
                keepsOwn
                        ? new TargetColumn(
                                memory, TargetColumn.ownPart(region), region, epoch, capacity)
                        : null;
        standardizer = new Standardizer(targets.newest(known));
        watch = new CollapseWatch(region.dim());
    }

    /**
     * What each kind of region weighs in the loss: reading is slowest to learn, so it weighs
     * double.
     */
    private static double weightOf(Alignment alignment) {
        return alignment == Alignment.PICTURE ? 2 : 1;
    }

    public Region region() {
        return region;
    }

    /** What all of it was made for. */
    public TargetSource targetSource() {
        return targetSource;
    }

    /** Factor on its loss while it is not masked. */
    public double weight() {
        return weight * trust;
    }

    /** Duty cycle: how much its teacher is trusted, 0 to 1. */
    public void trust(double share) {
        trust = share;
    }

    /** Its targets for the moments of the replay arena. */
    public TargetColumn targets() {
        return targets;
    }

    /**
     * What the student said of these moments when they came; null if it is not kept. Belongs to the
     * trainer.
     */
    public TargetColumn own() {
        return own;
    }

    /** The newest statistics of its values. */
    public Statistics statistics() {
        return standardizer.statistics();
    }

    /** Duty cycle: what collects its statistics. */
    Standardizer standardizer() {
        return standardizer;
    }

    /**
     * Duty cycle: whether the tails of its teacher's values are known. If not, its targets are
     * clipped to 8 scales.
     */
    public void scaleKnown(boolean isKnown) {
        scaleKnown = isKnown;
    }

    /** Duty cycle: whether its statistics turned out to be wrong. Nothing it has is of use then. */
    public boolean spoiled() {
        return spoiled;
    }

    /** Whether its teacher is alive (or stalled); a region without its teacher is masked. */
    public boolean present() {
        return present;
    }

    /** Duty cycle: masks or unmasks the region. */
    public void present(boolean alive) {
        present = alive;
    }

    /** Duty cycle: its teacher, which reports frames in order, has come as far as this frame. */
    void reported(long frameNumber) {
        newestFrame = Math.max(newestFrame, frameNumber);
    }

    /** Duty cycle: the newest frame that was reported; of older ones there is nothing to come. */
    long newestFrame() {
        return newestFrame;
    }

    /** Whether it takes part in the loss. */
    public boolean active() {
        return present && statistics().usable();
    }

    /**
     * Duty cycle: takes a teacher's tensor of a TRAIN frame, in place, as the target of a moment.
     *
     * @return false if it holds a value that cannot be this teacher's; it then changes nothing
     */
    boolean accept(Moment moment, MemorySegment values) {
        Statistics current = standardizer.statistics();
        if (!targets.write(moment, values, current, bound(current))) {
            return false;
        }
        watch(moment, current);
        collected(standardizer.collect(values));
        return true;
    }

    /**
     * Duty cycle: the same for one that was standardised elsewhere, under the newest statistics.
     */
    boolean acceptStandardized(Moment moment, MemorySegment standardized) {
        Statistics current = standardizer.statistics();
        if (!targets.writeStandardized(moment, standardized, current, bound(current))) {
            return false;
        }
        watch(moment, current);
        return true;
    }

    /**
     * Duty cycle: what was accepted last has been collected; whether the statistics changed by it.
     */
    void collected(boolean changed) {
        if (changed) {
            watch.begin();
        }
    }

    private void watch(Moment moment, Statistics current) {
        spoiled |= watch.collapsed(targets.at(moment), current);
    }

    private float bound(Statistics current) {
        return scaleKnown || !current.usable() ? Float.POSITIVE_INFINITY : FARTHEST_IF_UNKNOWN;
    }
}
