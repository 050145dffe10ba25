package io.fluxfoam.student;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BooleanSupplier;

/**
 * Publishes features of every frame, HOLDOUT frames included, as real teachers do; theirs are
 * poison here.
 */
final class ToyTeacher implements NodeAgent {
    private final TeacherCard card;
    private final int tokens;
    private final int dim;
    private final BooleanSupplier isHeard;
    private int slips;
    private StreamWriter features;
    private Subscription sounds;

    ToyTeacher(String aligned, int tokens, int dim) {
        this(
                new TeacherCard("sensor", Alignment.parse(aligned), Axes.ROWS, "1", true),
                tokens,
                dim);
    }

    ToyTeacher(TeacherCard card, int tokens, int dim) {
        this(card, tokens, dim, 0, () -> true);
    }

    /**
     * Of its first tensors, this many are far off.
     *
     * @param isHeard whether somebody listens: before that it says nothing
     */
    ToyTeacher(TeacherCard card, int tokens, int dim, int slips, BooleanSupplier isHeard) {
        this.card = card;
        this.tokens = tokens;
        this.dim = dim;
        this.slips = slips;
        this.isHeard = isHeard;
    }

    @Override
    public void onStart(Node node) throws IOException {
        features = node.publish(StreamSpec.of("features", DType.F32, tokens, dim));
        card.attributes().forEach(node::attribute);
        sounds = node.subscribe("sensor/sound", ReadMode.IN_ORDER);
    }

    @Override
    public int doWork() {
        try (Lease lease = sounds.poll()) {
            if (lease == null || !isHeard.getAsBoolean()) {
                return 0;
            }
            long frame = lease.frameNumber();
            MemorySegment values = Scenery.features(frame, tokens * dim, 2, 5);
            if (HoldoutRule.isHoldout(frame)) {
                values.fill((byte) 0xFF);
            }
            if (slips > 0 && !HoldoutRule.isHoldout(frame)) {
                slips--;
                values.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, 1e30f);
            }
            try (Claim claim = features.claim()) {
                claim.payload().copyFrom(values);
                claim.commit(frame, lease.captureNs());
            }
            return 1;
        }
    }
}
