package io.fluxfoam.evaluator;

import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.Region;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import java.util.Optional;

/** Keeps up with the student's {@code layout} and {@code statistics}. */
final class TermsReader {
    private final Intake intake;
    private final Subscription layout;
    private final Subscription statistics;
    private final StudentTerms terms = new StudentTerms();

    TermsReader(Node node, Intake intake, String student) {
        this.intake = intake;
        layout = node.subscribe(student + "/layout", ReadMode.LATEST);
        statistics = node.subscribe(student + "/statistics", ReadMode.LATEST);
    }

    int turn() {
        return intake.read(layout, lease -> terms.layout(lease.incarnation(), lease.tag(), Payloads.text(lease)))
                + intake.read(
                        statistics,
                        lease -> terms.statistics(lease.incarnation(), lease.tag(), Payloads.floats(lease)));
    }

    /** Whether a prediction can be read; looks again for terms that were published before it. */
    boolean fit(Lease prediction) {
        if (!terms.fit(prediction.incarnation(), prediction.tag())) {
            turn();
        }
        return terms.fit(prediction.incarnation(), prediction.tag());
    }

    /** The newest layout. */
    HeatmapLayout layout() {
        return terms.layout();
    }

    /** Statistics of one of the layout's regions; empty while the student does not know them. */
    Optional<RegionStatistics> of(Region region) {
        return terms.of(region);
    }
}
