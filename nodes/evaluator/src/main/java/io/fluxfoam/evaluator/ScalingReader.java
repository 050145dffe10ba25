package io.fluxfoam.evaluator;

import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.HeatmapTag;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Keeps up with how to read what the student publishes: its regions and their scaling, each as of
 * one incarnation and layout version. They come on two streams; a prediction that they do not fit
 * cannot be judged.
 */
final class ScalingReader {
    private final LeaseDrain drain;
    private final Subscription layouts;
    private final Subscription statistics;
    private HeatmapLayout layout = HeatmapLayout.EMPTY;
    private long layoutIncarnation;
    private MemorySegment values = MemorySegment.NULL;
    private long valuesIncarnation;
    private long valuesVersion;
    private Optional<HeatmapScaling> scaling = Optional.empty();

    ScalingReader(Node node, LeaseDrain drain, String student) {
        this.drain = drain;
        layouts = node.subscribe(LoopStreams.of(student, LoopStreams.LAYOUT), ReadMode.LATEST);
        statistics =
                node.subscribe(LoopStreams.of(student, LoopStreams.STATISTICS), ReadMode.LATEST);
    }

    int turn() {
        return drain.read(layouts, this::layout) + drain.read(statistics, this::statistics);
    }

    private void layout(Lease lease) {
        layout = HeatmapLayout.parse(Math.toIntExact(lease.tag()), Payloads.text(lease));
        layoutIncarnation = lease.incarnation();
        join();
    }

    private void statistics(Lease lease) {
        values = MemorySegment.ofArray(Payloads.floats(lease));
        valuesIncarnation = lease.incarnation();
        valuesVersion = lease.tag();
        join();
    }

    private void join() {
        scaling = Optional.empty(); // also if what follows makes no sense
        if (layoutIncarnation == valuesIncarnation) {
            scaling = HeatmapScaling.read(layout, valuesVersion, values);
        }
    }

    /**
     * Whether a prediction can be read; looks again for what was published before it. Regions are
     * only ever appended, so a newer layout tells all about an older prediction.
     */
    boolean fit(Lease prediction) {
        if (!fits(prediction)) {
            turn();
        }
        return fits(prediction);
    }

    private boolean fits(Lease prediction) {
        return scaling.isPresent()
                && layoutIncarnation == prediction.incarnation()
                && layout.version() >= HeatmapTag.of(prediction.tag()).version();
    }

    /** The newest layout. */
    HeatmapLayout layout() {
        return layout;
    }

    /** Scaling of one of the layout's regions; empty while the student does not know it. */
    Optional<RegionScaling> of(Region region) {
        return scaling.flatMap(known -> known.of(region));
    }
}
