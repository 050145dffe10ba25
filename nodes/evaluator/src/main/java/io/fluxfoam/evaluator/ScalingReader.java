package io.fluxfoam.evaluator;

import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.Region;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.util.Optional;

/** Keeps up with the student's {@code layout} and {@code statistics}. */
final class ScalingReader {
    private final LeaseDrain drain;
    private final Subscription layout;
    private final Subscription statistics;
    private final StudentTerms scaling = new StudentTerms();

    ScalingReader(Node node, LeaseDrain drain, String student) {
        this.drain = drain;
        layout = node.subscribe(student + "/layout", ReadMode.LATEST);
        statistics = node.subscribe(student + "/statistics", ReadMode.LATEST);
    }

    int turn() {
        return drain.read(
                        layout,
                        lease ->
                                scaling.layout(
                                        lease.incarnation(), lease.tag(), Payloads.text(lease)))
                + drain.read(
                        statistics,
                        lease ->
                                scaling.statistics(
                                        lease.incarnation(), lease.tag(), Payloads.floats(lease)));
    }

    /** Whether a prediction can be read; looks again for terms that were published before it. */
    boolean fit(Lease prediction) {
        if (!scaling.fit(prediction.incarnation(), prediction.tag())) {
            turn();
        }
        return scaling.fit(prediction.incarnation(), prediction.tag());
    }

    /** The newest layout. */
    HeatmapLayout layout() {
        return scaling.layout();
    }

    /** Statistics of one of the layout's regions; empty while the student does not know them. */
    Optional<RegionStatistics> of(Region region) {
        return scaling.of(region);
    }
}
