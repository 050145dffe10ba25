package io.fluxfoam.student.replay;

import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.Reduction;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * All regions of the student's heatmap, in the order they joined. The duty cycle adds; anyone
 * reads: a snapshot is immutable, and a region once in it stays in every later one at the same
 * place, though it may begin anew.
 */
public final class RegionTable {
    /** Most regions. */
    static final int MAX_REGIONS = 16;

    /** Longest heatmap in floats; what the published stream is sized for. */
    public static final int MAX_FLOATS = MAX_REGIONS * Reduction.MOST_FLOATS;

    /** How often regions may begin anew in one life: what they had is freed only at its end. */
    public static final int MAX_RENEWALS = 16;

    private final ReplayMemory memory;
    private final int capacity;
    private final boolean keepsOwn;
    private int renewals;
    private volatile Snapshot snapshot = new Snapshot(HeatmapLayout.EMPTY, List.of());

    /** Layout and regions that belong together. */
    public record Snapshot(HeatmapLayout layout, List<TeacherRegion> regions) {
        /** The region of this teacher, or null. */
        public TeacherRegion find(String teacher) {
            for (TeacherRegion region : regions) {
                if (region.region().name().equals(teacher)) {
                    return region;
                }
            }
            return null;
        }
    }

    /**
     * An empty table.
     *
     * @param memory what the targets of later regions live in
     * @param capacity rows of the replay arena
     */
    public RegionTable(ReplayMemory memory, int capacity) {
        this(memory, capacity, false);
    }

    /**
     * An empty table.
     *
     * @param keepsOwn whether what the student itself says of a moment is kept beside its targets
     */
    public RegionTable(ReplayMemory memory, int capacity, boolean keepsOwn) {
        this.memory = memory;
        this.capacity = capacity;
        this.keepsOwn = keepsOwn;
    }

    /** The regions now. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /**
     * Duty cycle: how far apart what teachers said of two moments is: the mean over regions that
     * both have; infinite if they have none.
     */
    public double distance(Moment one, Moment other) {
        double sum = 0;
        int regions = 0;
        for (TeacherRegion region : snapshot.regions()) {
            TargetColumn targets = region.targets();
            if (targets.present(one) && targets.present(other)) {
                sum += targets.distance(one, other);
                regions++;
            }
        }
        return regions == 0 ? Double.POSITIVE_INFINITY : sum / regions;
    }

    /**
     * Duty cycle: adds the region of a teacher that appeared for the first time; allocates the
     * memory of its targets.
     *
     * @param known statistics from a checkpoint, or the identity; the replay may know newer ones
     * @throws IllegalArgumentException if it does not fit, or the teacher has a region
     */
    public TeacherRegion add(
            String teacher, int tokens, int dim, TargetSource targetSource, Statistics known) {
        HeatmapLayout layout = snapshot.layout().append(teacher, tokens, dim);
        if (layout.floats() > MAX_FLOATS || layout.regions().size() > MAX_REGIONS) {
            throw new IllegalArgumentException(
                    "no room for region "
                            + teacher
                            + ": floats="
                            + layout.floats()
                            + " of "
                            + MAX_FLOATS
                            + ", regions="
                            + layout.regions().size()
                            + " of "
                            + MAX_REGIONS);
        }
        Region region = layout.regions().getLast();
        TeacherRegion added =
                new TeacherRegion(memory, region, targetSource, known, capacity, keepsOwn);
        List<TeacherRegion> longer = new ArrayList<>(snapshot.regions());
        longer.add(added);
        snapshot = new Snapshot(layout, List.copyOf(longer));
        return added;
    }

    /**
     * Duty cycle: puts a region in the place of one that is of no use any more. Of that one's
     * statistics and targets nothing is taken over; it begins without a teacher.
     *
     * @throws IllegalArgumentException if regions began anew too often
     */
    public TeacherRegion renew(TeacherRegion old, TargetSource targetSource) {
        Region place = old.region();
        if (renewals == MAX_RENEWALS) {
            throw new IllegalArgumentException(
                    "region "
                            + place.name()
                            + " cannot begin anew: renewals="
                            + renewals
                            + " in this life");
        }
        renewals++;
        memory.forget(TargetColumn.part(place));
        memory.forget(TargetColumn.ownPart(place));
        TeacherRegion renewed =
                new TeacherRegion(
                        memory,
                        place,
                        targetSource,
                        Statistics.identity(place.dim()),
                        capacity,
                        keepsOwn);
        List<TeacherRegion> regions = new ArrayList<>(snapshot.regions());
        regions.set(regions.indexOf(old), renewed);
        old.present(false);
        snapshot = new Snapshot(snapshot.layout(), List.copyOf(regions));
        return renewed;
    }
}
