package io.fluxfoam.student.train;

import io.fluxfoam.distill.HeadCorrection;
import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.replay.TeacherRegion;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The network and how its heads speak. Follows the table of regions: a new region gets a head, one
 * that began anew an untrained one; when statistics are refined, its head is corrected so that its
 * prediction in the teacher's units stays the same. A network on trial beside it follows alike.
 * Belongs to the trainer.
 */
public final class Learner {
    private StudentNet net;
    private StudentNet beside;
    private final Progress progress;
    private HeatmapStatistics statistics;
    private HeatmapScaling scaling;
    private List<TeacherRegion> regions;

    /**
     * A learner that speaks as the network was trained to.
     *
     * @param statistics regions that have heads, and their statistics
     * @param regions the same regions
     */
    public Learner(
            StudentNet net,
            HeatmapStatistics statistics,
            List<TeacherRegion> regions,
            Progress progress) {
        this.net = net;
        this.statistics = statistics;
        this.scaling = statistics.scaling();
        this.regions = regions;
        this.progress = progress;
        progress.size(net.width(), net.parameterCount());
    }

    public StudentNet net() {
        return net;
    }

    /** Keeps the heads of another network the same as those of this one; null for that of none. */
    public void beside(StudentNet other) {
        beside = other;
    }

    /** Goes on with the network beside it. */
    public void become() {
        net = beside;
        beside = null;
        progress.size(net.width(), net.parameterCount());
    }

    /** How far it is. */
    public Progress progress() {
        return progress;
    }

    /** How the heads speak now. */
    public HeatmapStatistics statistics() {
        return statistics;
    }

    /** What readers of a prediction need of it; another object whenever it is another one. */
    public HeatmapScaling scaling() {
        return scaling;
    }

    /** The regions that it speaks of, in the order of {@link #statistics()}. */
    public List<TeacherRegion> regions() {
        return regions;
    }

    /** Takes up new regions, those that began anew, and refined statistics. */
    public void follow(RegionTable.Snapshot table) {
        if (!changed(table)) {
            return;
        }
        List<Statistics> now = new ArrayList<>();
        for (int i = 0; i < table.regions().size(); i++) {
            TeacherRegion region = table.regions().get(i);
            Statistics newest = region.statistics();
            if (i >= regions.size()) {
                forEach(each -> each.addHead(region.region(), region.targetSource().alignment()));
            } else if (region != regions.get(i)) {
                forEach(each -> each.renewHead(region.region(), region.targetSource().alignment()));
            } else {
                correct(region, statistics.statistics().get(i), newest);
            }
            now.add(newest);
        }
        regions = table.regions();
        statistics = new HeatmapStatistics(table.layout(), now);
        scaling = statistics.scaling();
        progress.size(net.width(), net.parameterCount());
    }

    /**
     * Takes the regions of this table for those that it has: the same ones, made anew from the same
     * tensors, as they were when it was saved.
     */
    public void adopt(RegionTable.Snapshot table) {
        if (!table.layout().equals(statistics.layout())) {
            throw new IllegalStateException(
                    "what is read again is not what was learned: regions="
                            + table.layout().regions()
                            + " known="
                            + statistics.layout().regions());
        }
        regions = table.regions();
        statistics =
                new HeatmapStatistics(
                        table.layout(), regions.stream().map(TeacherRegion::statistics).toList());
        scaling = statistics.scaling();
    }

    private void forEach(Consumer<StudentNet> action) {
        action.accept(net);
        if (beside != null) {
            action.accept(beside);
        }
    }

    private boolean changed(RegionTable.Snapshot table) {
        boolean changed = table.regions().size() != regions.size();
        for (int i = 0; !changed && i < regions.size(); i++) {
            TeacherRegion region = table.regions().get(i);
            changed =
                    region != regions.get(i)
                            || region.statistics() != statistics.statistics().get(i);
        }
        return changed;
    }

    /** A head that was never trained needs no correction: it was made for standardised targets. */
    private void correct(TeacherRegion region, Statistics before, Statistics after) {
        if (before != after && before.usable()) {
            HeadCorrection correction = HeadCorrection.between(before, after);
            forEach(each -> each.correct(region.region().name(), correction));
        }
    }
}
