package io.fluxfoam.evaluator;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import java.io.IOException;

/** Captions without pictures, one frame at each idle turn. */
final class ScriptedSensor implements NodeAgent {
    private Node node;
    private StreamWriter caption;
    private long counter;

    @Override
    public void onStart(Node newNode) throws IOException {
        node = newNode;
        caption = node.publish(StreamSpec.of("caption", DType.U8, 512).slots(64));
        StreamWriter candidates = node.publish(StreamSpec.of("candidates", DType.U8, 4096));
        try (Claim claim = candidates.claim()) {
            ScriptedWorld.putText(claim, ScriptedWorld.CANDIDATES);
            claim.commit(FrameNumber.of(node.incarnation(), 0), System.nanoTime());
        }
    }

    @Override
    public int doWork() {
        try (Claim claim = caption.claim()) {
            ScriptedWorld.putText(claim, ScriptedWorld.sentence(counter));
            claim.commit(FrameNumber.of(node.incarnation(), counter++), System.nanoTime());
        }
        return 0;
    }
}
