package io.fluxfoam.student;

import io.fluxfoam.heatmap.Region;
import io.fluxfoam.heatmap.Standardizer;
import io.fluxfoam.heatmap.Statistics;
import io.fluxfoam.student.net.Alignment;

import java.lang.foreign.MemorySegment;

/**
 * A teacher's region with everything the duty cycle knows of it: its targets, its statistics,
 * whether the teacher is present. The trainer only reads.
 */
final class TeacherRegion {
    private final Region region;
    private final Alignment alignment;
    private final double weight;
    private final TargetColumn targets;
    private final Standardizer standardizer;
    private volatile boolean present;

    TeacherRegion(
            ReplayMemory memory, Region region, Alignment alignment, Statistics known, int capacity) {
        this.region = region;
        this.alignment = alignment;
        this.weight = weightOf(alignment);
        targets = new TargetColumn(memory, region, capacity);
        standardizer = new Standardizer(targets.newest(known));
    }

    /**
     * What each kind of region weighs in the loss: reading is slowest to learn, so it weighs
     * double.
     */
    private static double weightOf(Alignment alignment) {
        return alignment == Alignment.PICTURE ? 2 : 1;
    }

    /** The region. */
    Region region() {
        return region;
    }

    /** Which grid its tokens stand on. */
    Alignment alignment() {
        return alignment;
    }

    /** Factor on its loss while it is not masked. */
    double weight() {
        return weight;
    }

    /** Its targets for the moments of the replay arena. */
    TargetColumn targets() {
        return targets;
    }

    /** The newest statistics of its values. */
    Statistics statistics() {
        return standardizer.statistics();
    }

    /** Duty cycle: what collects its statistics. */
    Standardizer standardizer() {
        return standardizer;
    }

    /** Whether its teacher is alive (or stalled); a region without its teacher is masked. */
    boolean present() {
        return present;
    }

    /** Duty cycle: masks or unmasks the region. */
    void present(boolean alive) {
        present = alive;
    }

    /** Whether it takes part in the loss. */
    boolean active() {
        return present && statistics().usable();
    }

    /**
     * Duty cycle: takes a teacher's tensor of a TRAIN frame, in place, as the target of a moment.
     *
     * @return false if it holds a value that cannot be this teacher's; it then changes nothing
     */
    boolean accept(Moment moment, MemorySegment values) {
        if (!targets.write(moment, values, standardizer.statistics())) {
            return false;
        }
        standardizer.collect(values);
        return true;
    }
}
