package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.stream.StreamPeek;
import io.fluxfoam.tensor.FrameNumber;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the student has said last, looked for when somebody asks and at most once a second. Samples
 * stay in their stream longer than the spectrograms that they were made of, so those are kept here
 * until there is something newer. Thread-safe.
 */
final class VoiceWatch {
    private static final long MAX_AGE_NS = 1_000_000_000L;

    /** Logarithms of power. */
    private static final double SILENCE = -6.9;

    private static final double LOUD = 6;
    private static final int LEVELS = 255;

    private final PeerTensors tensors;
    private final Supplier<List<NodeStatus>> nodes;
    private @Nullable Said said;
    private long lookedAtNs;
    private boolean hasLooked;

    /**
     * An utterance.
     *
     * @param samples f32
     * @param region where it stands in a heatmap; null while that is not known
     */
    private record Said(
            long frameNumber,
            long captureNs,
            byte[] samples,
            @Nullable Region region,
            byte @Nullable [] student,
            byte @Nullable [] teacher) {
        boolean isWhole() {
            return student != null && teacher != null;
        }
    }

    /**
     * Has not looked yet.
     *
     * @param nodes the foam's nodes as of now
     * @param errors told of every file that is not what its name says
     */
    VoiceWatch(FoamDirectory foam, Supplier<List<NodeStatus>> nodes, Consumer<Exception> errors) {
        this.tensors = new PeerTensors(foam, errors);
        this.nodes = nodes;
    }

    /** The newest utterance; null if there is none. */
    synchronized @Nullable VoiceView fresh() {
        long nowNs = System.nanoTime();
        if (!hasLooked || nowNs - lookedAtNs > MAX_AGE_NS) {
            look();
            lookedAtNs = nowNs;
            hasLooked = true;
        }
        Said newest = said;
        if (newest == null) {
            return null;
        }
        Region region = newest.region();
        return new VoiceView(
                FrameNumber.incarnation(newest.frameNumber())
                        + ":"
                        + FrameNumber.counter(newest.frameNumber()),
                Math.max(0, nowNs - newest.captureNs()) / 1e9,
                (double) newest.samples().length / Float.BYTES / FrameShape.SOUND_RATE,
                region == null ? 0 : region.tokens(),
                region == null ? 0 : region.dim(),
                newest.student(),
                newest.teacher());
    }

    /**
     * The samples of what {@link #fresh} has told of last: little-endian floats, 16 kHz; nothing if
     * there is none.
     */
    synchronized byte[] samples() {
        return said == null ? new byte[0] : said.samples();
    }

    private void look() {
        List<NodeStatus> all = nodes.get();
        Optional<NodeStatus> student =
                all.stream().filter(node -> node.role().equals(Roles.STUDENT)).findFirst();
        Optional<StreamPeek.Copy> newest =
                student.flatMap(
                        node -> tensors.copy(node, LoopStreams.VOICE, peek -> peek.newerThan(0)));
        if (newest.isEmpty()) {
            said = null;
            return;
        }
        StreamPeek.Copy utterance = newest.get();
        long frame = utterance.frameNumber();
        Said known = said != null && said.frameNumber() == frame ? said : null;
        if (known != null && known.isWhole()) {
            return;
        }
        Region region = region(student.get()).orElse(null);
        byte[] predicted = known == null ? null : known.student();
        byte[] canonical = known == null ? null : known.teacher();
        if (region != null && predicted == null) {
            long from = (long) region.offset() * Float.BYTES;
            predicted = levels(student.get(), LoopStreams.HEATMAP, frame, from, region);
        }
        if (region != null && canonical == null) {
            canonical = canonical(all, frame, region);
        }
        said =
                new Said(
                        frame,
                        utterance.captureNs(),
                        utterance.bytes().toArray(ValueLayout.JAVA_BYTE),
                        region,
                        predicted,
                        canonical);
    }

    private Optional<Region> region(NodeStatus student) {
        return tensors.copy(student, LoopStreams.LAYOUT, peek -> peek.newerThan(0))
                .flatMap(this::layout)
                .flatMap(layout -> layout.find(LoopNodes.TEACHER_VOICE));
    }

    private Optional<HeatmapLayout> layout(StreamPeek.Copy copy) {
        try {
            String text =
                    new String(copy.bytes().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            return Optional.of(HeatmapLayout.parse(Math.toIntExact(copy.tag()), text));
        } catch (IllegalArgumentException | ArithmeticException e) {
            tensors.errors().accept(e);
            return Optional.empty();
        }
    }

    private byte @Nullable [] canonical(List<NodeStatus> all, long frame, Region region) {
        for (NodeStatus node : all) {
            if (node.name().equals(LoopNodes.TEACHER_VOICE)) {
                return levels(node, LoopStreams.FEATURES, frame, 0, region);
            }
        }
        return null;
    }

    private byte @Nullable [] levels(
            NodeStatus node, String stream, long frame, long from, Region region) {
        long bytes = (long) region.length() * Float.BYTES;
        return tensors.copy(node, stream, peek -> peek.ofFrame(frame))
                .map(StreamPeek.Copy::bytes)
                .filter(values -> values.byteSize() >= from + bytes)
                .map(values -> levels(values.asSlice(from, bytes)))
                .orElse(null);
    }

    private static byte[] levels(MemorySegment values) {
        byte[] levels = new byte[(int) (values.byteSize() / Float.BYTES)];
        for (int i = 0; i < levels.length; i++) {
            double value = values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            double share = Math.clamp((value - SILENCE) / (LOUD - SILENCE), 0, 1);
            levels[i] = (byte) Math.round(LEVELS * share); // of what is no number: 0
        }
        return levels;
    }
}
