package io.fluxfoam.student;

import io.fluxfoam.heatmap.HeadCorrection;
import io.fluxfoam.heatmap.HeatmapLayout;
import io.fluxfoam.heatmap.Statistics;
import io.fluxfoam.student.net.StudentNet;

import java.util.ArrayList;
import java.util.List;

/**
 * The network and how its heads speak. Follows the table of regions: a new region gets a head; when
 * statistics are refined, its head is corrected so that its prediction in the teacher's units stays
 * the same. Belongs to the trainer.
 */
final class Learner {
    private final StudentNet net;
    private final Progress progress;
    private Expression expression;

    /**
     * A learner that speaks as the network was trained to.
     *
     * @param expression regions that have heads, and their statistics
     */
    Learner(StudentNet net, Expression expression, Progress progress) {
        this.net = net;
        this.expression = expression;
        this.progress = progress;
        progress.parameters(net.parameterCount());
    }

    /** The network. */
    StudentNet net() {
        return net;
    }

    /** How the heads speak now. */
    Expression expression() {
        return expression;
    }

    /** Takes up new regions and refined statistics. */
    void follow(RegionTable.Snapshot table) {
        if (!changed(table)) {
            return;
        }
        List<Statistics> statistics = new ArrayList<>();
        for (int i = 0; i < table.regions().size(); i++) {
            TeacherRegion region = table.regions().get(i);
            Statistics newest = region.statistics();
            if (i < expression.statistics().size()) {
                correct(region, expression.statistics().get(i), newest);
            } else {
                net.addHead(region.region(), region.alignment());
                progress.parameters(net.parameterCount());
            }
            statistics.add(newest);
        }
        HeatmapLayout layout = table.layout();
        expression = new Expression(layout, statistics);
    }

    private boolean changed(RegionTable.Snapshot table) {
        boolean changed = table.layout().version() != expression.layout().version();
        for (int i = 0; !changed && i < table.regions().size(); i++) {
            changed = table.regions().get(i).statistics() != expression.statistics().get(i);
        }
        return changed;
    }

    /** A head that was never trained needs no correction: it was made for standardised targets. */
    private void correct(TeacherRegion region, Statistics before, Statistics after) {
        if (before != after && before.usable()) {
            net.correct(region.region().name(), HeadCorrection.between(before, after));
        }
    }
}
