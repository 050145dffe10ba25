package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.HeatmapView.RegionView;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.HeatmapTag;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.memory.BestEffortRead;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.StreamPeek;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamView.SlotView;
import io.fluxfoam.tensor.FrameNumber;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The newest heatmap, made when somebody asks and at most once a second. It copies tensors without
 * a lane or a lease, and keeps nothing open. Streams in a GPU's memory are left alone: to read them
 * the coordinator would need a share of the GPU. Thread-safe.
 */
final class HeatmapWatch {
    private static final long MAX_AGE_NS = 1_000_000_000L;
    private static final int MAX_REGIONS = 16;
    private static final int MAX_VALUES = 256;
    private static final double FARTHEST = 10;

    private final PeerTensors tensors;
    private final Supplier<List<NodeStatus>> nodes;
    private final Consumer<Exception> errors;
    private @Nullable HeatmapView seen;
    private long seenAtNs;
    private boolean hasLooked;

    /**
     * Has not looked yet.
     *
     * @param nodes the foam's nodes as of now
     * @param errors told of every file that is not what its name says
     */
    HeatmapWatch(FoamDirectory foam, Supplier<List<NodeStatus>> nodes, Consumer<Exception> errors) {
        this.tensors = new PeerTensors(foam, errors);
        this.nodes = nodes;
        this.errors = errors;
    }

    /**
     * The newest moment of which all teachers' tensors are there, else the one with most of them;
     * null if there is none.
     */
    synchronized @Nullable HeatmapView fresh() {
        if (!hasLooked || System.nanoTime() - seenAtNs > MAX_AGE_NS) {
            seen = look().orElse(null);
            seenAtNs = System.nanoTime();
            hasLooked = true;
        }
        return seen;
    }

    private Optional<HeatmapView> look() {
        List<NodeStatus> all = nodes.get();
        return all.stream()
                .filter(node -> node.role().equals(Roles.STUDENT))
                .findFirst()
                .flatMap(student ->
                        scaling(student).flatMap(scaling -> moment(all, student, scaling)));
    }

    /**
     * The values of a region in standardised space, thinned out; null if its scaling is not known
     * or a value makes no sense.
     */
    private static @Nullable List<Double> standardized(
            HeatmapScaling scaling, Region region, MemorySegment values, long from) {
        Optional<RegionScaling> known = scaling.of(region);
        if (known.isEmpty()) {
            return null;
        }
        int count = Math.min(MAX_VALUES, region.length());
        List<Double> standardized = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long k = (long) i * region.length() / count;
            double z =
                    known.get()
                            .standardize(
                                    k,
                                    values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, from + k));
            if (!Double.isFinite(z)) {
                return null;
            }
            standardized.add(Math.round(100 * Math.clamp(z, -FARTHEST, FARTHEST)) / 100.0);
        }
        return standardized;
    }

    private Optional<HeatmapScaling> scaling(NodeStatus student) {
        Optional<StreamPeek.Copy> layout =
                tensors.copy(student, LoopStreams.LAYOUT, peek -> peek.newerThan(0));
        Optional<StreamPeek.Copy> statistics =
                tensors.copy(student, LoopStreams.STATISTICS, peek -> peek.newerThan(0));
        if (layout.isEmpty() || statistics.isEmpty()) {
            return Optional.empty();
        }
        return BestEffortRead.at(
                        () ->
                                parse(
                                        tensors.control(student, LoopStreams.LAYOUT),
                                        layout.get(),
                                        statistics.get()),
                        errors::accept)
                .flatMap(scaling -> scaling)
                .filter(scaling -> scaling.layout().regions().size() <= MAX_REGIONS);
    }

    private static Optional<HeatmapScaling> parse(
            Path file, StreamPeek.Copy layout, StreamPeek.Copy statistics) throws IOException {
        try {
            byte[] text = layout.bytes().toArray(ValueLayout.JAVA_BYTE);
            HeatmapLayout parsed =
                    HeatmapLayout.parse(
                            Math.toIntExact(layout.tag()),
                            new String(text, StandardCharsets.UTF_8));
            return HeatmapScaling.read(parsed, statistics.tag(), statistics.bytes());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new LayoutException(LayoutException.Kind.CORRUPT, file, e.getMessage());
        }
    }

    private Optional<HeatmapView> moment(
            List<NodeStatus> all, NodeStatus student, HeatmapScaling scaling) {
        Map<String, NodeStatus> teachers = new HashMap<>();
        all.forEach(node -> teachers.put(node.name(), node));
        teachers.keySet().retainAll(scaling.layout().regions().stream().map(Region::name).toList());
        List<Set<Long>> said =
                teachers.values().stream()
                        .map(teacher -> frames(teacher, LoopStreams.FEATURES))
                        .toList();
        return slots(student, LoopStreams.HEATMAP).stream()
                .filter(slot -> slot.sequence() > 0)
                .max(
                        Comparator.comparingLong((SlotView slot) ->
                                        said.stream()
                                                .filter(f -> f.contains(slot.frameNumber()))
                                                .count())
                                .thenComparing(SlotView::sequence))
                .map(SlotView::frameNumber)
                .flatMap(frame ->
                        tensors.copy(student, LoopStreams.HEATMAP, peek -> peek.ofFrame(frame)))
                .filter(prediction ->
                        HeatmapTag.of(prediction.tag()).version() <= scaling.layout().version())
                .map(prediction -> view(teachers, scaling, prediction));
    }

    private HeatmapView view(
            Map<String, NodeStatus> teachers, HeatmapScaling scaling, StreamPeek.Copy prediction) {
        long frame = prediction.frameNumber();
        List<RegionView> regions = new ArrayList<>();
        for (Region region : scaling.layout().regions()) {
            if ((long) region.end() * Float.BYTES <= prediction.bytes().byteSize()) {
                List<Double> truth =
                        Optional.ofNullable(teachers.get(region.name()))
                                .flatMap(teacher ->
                                        tensors.copy(
                                                teacher,
                                                LoopStreams.FEATURES,
                                                peek -> peek.ofFrame(frame)))
                                .filter(copy ->
                                        copy.bytes().byteSize()
                                                == (long) region.length() * Float.BYTES)
                                .map(copy -> standardized(scaling, region, copy.bytes(), 0))
                                .orElse(null);
                List<Double> predicted =
                        standardized(scaling, region, prediction.bytes(), region.offset());
                regions.add(
                        new RegionView(
                                region.name(), region.tokens(), region.dim(), predicted, truth));
            }
        }
        return new HeatmapView(
                FrameNumber.incarnation(frame) + ":" + FrameNumber.counter(frame),
                HoldoutRule.isHoldout(frame),
                Math.max(0, System.nanoTime() - prediction.captureNs()) / 1e9,
                HeatmapView.Window.of(prediction.tag()),
                regions);
    }

    private Set<Long> frames(NodeStatus node, String stream) {
        return slots(node, stream).stream()
                .filter(slot -> slot.sequence() > 0)
                .map(SlotView::frameNumber)
                .collect(Collectors.toSet());
    }

    private List<SlotView> slots(NodeStatus node, String stream) {
        return BestEffortRead.at(
                        () -> StreamView.read(tensors.control(node, stream)), errors::accept)
                .map(StreamView::slots)
                .orElse(List.of());
    }
}
