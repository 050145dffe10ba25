package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Keeps small copies of the sensor's pictures for the {@link NeighbourGallery}. It reads none while
 * there is no set whose captions are trained on too: nobody has a neighbour then. What it has seen
 * ends with the node.
 */
final class NeighbourReader {
    private static final int MAX_WAITING = 64;
    private static final int MAX_HELD_OUT = 256;

    private final Node node;
    private final LeaseDrain drain;
    private final String sensor;
    private final Counter copiedBytes;
    private final RetrievalEvaluator evaluation;
    private final NeighbourGallery gallery = new NeighbourGallery();
    private final FrameJoin<String> captions = new FrameJoin<>(MAX_WAITING);
    private final FrameJoin<Thumbnail> trained = new FrameJoin<>(MAX_WAITING);
    private final FrameJoin<Thumbnail> heldOut = new FrameJoin<>(MAX_HELD_OUT);
    private @Nullable Subscription pictures;

    NeighbourReader(
            Node node,
            LeaseDrain drain,
            String sensor,
            RetrievalEvaluator evaluation,
            Counter copiedBytes) {
        this.node = node;
        this.drain = drain;
        this.sensor = sensor;
        this.evaluation = evaluation;
        this.copiedBytes = copiedBytes;
    }

    /** Reads the pictures that have come. They wake nobody: the captions beside them do. */
    int turn() {
        if (!isWanted(evaluation.sets())) {
            return 0;
        }
        if (pictures == null) {
            pictures =
                    node.subscribe(LoopStreams.of(sensor, LoopStreams.PICTURE), ReadMode.IN_ORDER)
                            .withoutWakeup();
        }
        return drain.read(pictures, this::picture);
    }

    private static boolean isWanted(List<SetEvaluation> sets) {
        return sets.stream().anyMatch(set -> set.set().kind() != HoldoutKind.SENTENCES);
    }

    private void picture(Lease lease) {
        long frame = lease.frameNumber();
        if (HoldoutRule.isHoldout(frame)) {
            heldOut.put(frame, thumbnail(lease));
            return;
        }
        String caption = captions.take(frame);
        if (caption == null) {
            trained.put(frame, thumbnail(lease));
        } else if (isCandidate(frame, caption)) {
            gallery.add(evaluation.world(frame), caption, thumbnail(lease));
        }
    }

    private Thumbnail thumbnail(Lease lease) {
        if (lease.rank() != 3 || lease.dim(2) != 3) {
            throw new IllegalArgumentException("not a picture: rank=" + lease.rank());
        }
        copiedBytes.add(lease.payloadBytes());
        return Thumbnail.of(
                lease.payload(), Math.toIntExact(lease.dim(0)), Math.toIntExact(lease.dim(1)));
    }

    /** Takes the caption of a TRAIN frame. */
    void caption(Lease lease) {
        if (pictures == null) {
            return;
        }
        long frame = lease.frameNumber();
        String caption = Payloads.text(lease);
        Thumbnail picture = trained.take(frame);
        if (picture == null) {
            captions.put(frame, caption);
        } else if (isCandidate(frame, caption)) {
            gallery.add(evaluation.world(frame), caption, picture);
        }
    }

    private boolean isCandidate(long frame, String caption) {
        int world = evaluation.world(frame);
        return evaluation.sets().stream()
                .anyMatch(set -> set.set().world() == world && set.has(caption));
    }

    /** Lets the nearest pictures say what a frame is that the student was judged by. */
    void judge(long frame, RetrievalEvaluator.Judged judged) {
        turn();
        Thumbnail picture = heldOut.take(frame);
        if (picture != null) {
            gallery.judge(judged.set(), judged.caption(), picture);
        }
    }
}
