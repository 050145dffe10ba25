package io.fluxfoam.student;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.net.Torch;
import io.fluxfoam.student.replay.TargetSource;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A student's snapshot as a frozen teacher: it says of each frame what the student had learned that
 * one of its teachers says, in that one's units and shape, so that the next generation can be
 * taught by it.
 */
final class GraduateNode implements NodeAgent {
    private static final int EPOCH_DIGITS = 16;

    private final String sensor;
    private final StudentSettings settings;
    private final Checkpoint snapshot;
    private final Region region;
    private final TargetSource learned;
    private final String identity;
    private Node node;
    private FrameIntake frames;
    private StreamWriter features;
    private Counter published;
    private SensorCard card;
    private FrozenStudent student;

    /**
     * One that has not begun.
     *
     * @param settings of the student that made the snapshot: its core and its sensor
     * @param region the teacher whose part it takes
     * @param identity hexadecimal digest of the snapshot
     * @throws IllegalArgumentException if the student did not know that teacher
     */
    GraduateNode(StudentSettings settings, Checkpoint snapshot, String region, String identity) {
        this.settings = settings;
        this.snapshot = snapshot;
        this.identity = identity;
        sensor = settings.sensor();
        this.region =
                snapshot.statistics()
                        .layout()
                        .find(region)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "the snapshot does not know this teacher: region="
                                                + region
                                                + " known="
                                                + snapshot.statistics().layout().regions().stream()
                                                        .map(Region::name)
                                                        .toList()));
        int index = snapshot.statistics().layout().regions().indexOf(this.region);
        learned = snapshot.targetSources().get(index);
    }

    @Override
    public void onStart(Node ownNode) throws IOException {
        node = ownNode;
        features =
                node.publish(
                        StreamSpec.of(
                                LoopStreams.FEATURES, DType.F32, region.tokens(), region.dim()));
        new TeacherCard(
                        sensor,
                        learned.alignment(),
                        Axes.ROWS,
                        identity.substring(0, EPOCH_DIGITS),
                        true)
                .attributes()
                .forEach(node::attribute);
        frames = new FrameIntake(node, sensor);
        published = node.counters().counter(LoopCounters.FRAMES);
    }

    @Override
    public void onPrepare() {
        Torch.load();
    }

    @Override
    public int doWork() throws IOException {
        if (student == null) {
            card =
                    node.peer(sensor)
                            .flatMap(PeerView::manifest)
                            .flatMap(SensorCard::of)
                            .orElse(null);
            if (card == null) {
                return 0;
            }
            student = new FrozenStudent(settings, card, snapshot);
        }
        long nowNs = System.nanoTime();
        int work = frames.read(card.frame(), student.assembler(), nowNs);
        work += student.predict(nowNs, this::say);
        return work;
    }

    private void say(Prediction prediction) {
        MemorySegment standardized =
                prediction
                        .heatmap()
                        .asSlice(
                                (long) region.offset() * Float.BYTES,
                                (long) region.length() * Float.BYTES);
        try (Claim claim = features.claim()) {
            prediction
                    .scaling()
                    .of(region)
                    .orElseThrow()
                    .destandardize(
                            standardized,
                            claim.payload().asSlice(0, (long) region.length() * Float.BYTES),
                            0);
            claim.commit(prediction.frameNumber(), prediction.captureNs());
        }
        published.increment();
    }
}
