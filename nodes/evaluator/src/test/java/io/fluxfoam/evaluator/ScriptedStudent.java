package io.fluxfoam.evaluator;

import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HoldoutRule;
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
import java.lang.foreign.ValueLayout;

/**
 * A student that knows the answers when it has both senses and says the mean when it has only the
 * picture. Each step trains on one frame; with the fault it trains on one HOLDOUT frame, once.
 */
final class ScriptedStudent implements NodeAgent {
    private final HeatmapLayout layout =
            HeatmapLayout.EMPTY.append("teacher-llm", 1, ScriptedWorld.DIM);
    private boolean trainsOnHoldout;
    private Subscription captions;
    private StreamWriter layouts;
    private StreamWriter statistics;
    private StreamWriter heatmaps;
    private StreamWriter holdouts;
    private StreamWriter steps;
    private long step;

    ScriptedStudent(boolean trainsOnHoldout) {
        this.trainsOnHoldout = trainsOnHoldout;
    }

    @Override
    public void onStart(Node node) throws IOException {
        captions = node.subscribe("sensor/caption", ReadMode.IN_ORDER);
        layouts = node.publish(StreamSpec.of("layout", DType.U8, 4096));
        statistics = node.publish(StreamSpec.of("statistics", DType.F32, 2, 1024));
        heatmaps = node.publish(StreamSpec.of("heatmap", DType.F32, 1024).slots(64));
        holdouts =
                node.publish(StreamSpec.of("holdout", DType.F32, 3, ScriptedWorld.DIM).slots(64));
        steps = node.publish(StreamSpec.of("steps", DType.I64, 2).slots(256));
        describe();
    }

    private void describe() {
        try (Claim claim = layouts.claim().tag(layout.version())) {
            ScriptedWorld.putText(claim, layout.text());
            claim.commit(0, 0);
        }
        try (Claim claim = statistics.claim().shape(2, layout.floats()).tag(layout.version())) {
            for (int d = 0; d < ScriptedWorld.DIM; d++) {
                ScriptedWorld.put(claim, d, ScriptedWorld.mean(d));
                ScriptedWorld.put(claim, layout.floats() + d, ScriptedWorld.scale(d));
            }
            claim.commit(0, 0);
        }
    }

    @Override
    public int doWork() {
        try (Lease lease = captions.poll()) {
            if (lease == null) {
                return 0;
            }
            boolean holdout = HoldoutRule.isHoldout(lease.frameNumber());
            predict(lease, ScriptedWorld.embedding(Payloads.text(lease)), holdout);
            if (!holdout || trainsOnHoldout) {
                trainsOnHoldout &= !holdout;
                train(lease.frameNumber());
            }
            return 1;
        }
    }

    private void predict(Lease lease, float[] answer, boolean holdout) {
        try (Claim claim = heatmaps.claim().shape(layout.floats()).tag(layout.version())) {
            ScriptedWorld.put(claim, 0, answer);
            claim.commit(lease.frameNumber(), lease.captureNs());
        }
        if (holdout) {
            try (Claim claim = holdouts.claim().tag(layout.version())) {
                ScriptedWorld.put(claim, 0, answer);
                for (int d = 0; d < ScriptedWorld.DIM; d++) {
                    ScriptedWorld.put(claim, ScriptedWorld.DIM + d, ScriptedWorld.mean(d));
                }
                ScriptedWorld.put(claim, 2 * ScriptedWorld.DIM, answer);
                claim.commit(lease.frameNumber(), lease.captureNs());
            }
        }
    }

    private void train(long frameNumber) {
        try (Claim claim = steps.claim()) {
            claim.payload().setAtIndex(ValueLayout.JAVA_LONG, 0, ++step);
            claim.payload().setAtIndex(ValueLayout.JAVA_LONG, 1, frameNumber);
            claim.commit(frameNumber, System.nanoTime());
        }
    }
}
