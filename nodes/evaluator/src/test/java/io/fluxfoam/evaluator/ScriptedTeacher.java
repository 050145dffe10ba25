package io.fluxfoam.evaluator;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.Candidates;
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
import java.util.List;

/** Embeds captions and candidates as {@link ScriptedWorld} has it. */
final class ScriptedTeacher implements NodeAgent {
    private final TeacherCard card;
    private Subscription captions;
    private Subscription candidates;
    private StreamWriter features;
    private StreamWriter embeddings;

    ScriptedTeacher() {
        this("sensor", "1");
    }

    ScriptedTeacher(String sensor, String epoch) {
        card = new TeacherCard(sensor, Alignment.NONE, Axes.ROWS, epoch, true);
    }

    @Override
    public void onStart(Node node) throws IOException {
        card.attributes().forEach(node::attribute);
        captions = node.subscribe("sensor/caption", ReadMode.IN_ORDER);
        candidates = node.subscribe("sensor/candidates", ReadMode.LATEST);
        features = node.publish(StreamSpec.of("features", DType.F32, ScriptedWorld.DIM).slots(64));
        embeddings = node.publish(StreamSpec.of("candidates", DType.F32, 100, ScriptedWorld.DIM));
    }

    @Override
    public int doWork() {
        int work = 0;
        try (Lease lease = candidates.poll()) {
            if (lease != null) {
                embed(Candidates.parse(Payloads.text(lease)).captions(), lease.frameNumber());
                work++;
            }
        }
        try (Lease lease = captions.poll()) {
            if (lease != null) {
                try (Claim claim = features.claim()) {
                    ScriptedWorld.put(claim, 0, ScriptedWorld.embedding(Payloads.text(lease)));
                    claim.commit(lease.frameNumber(), lease.captureNs());
                }
                work++;
            }
        }
        return work;
    }

    private void embed(List<String> sentences, long frameNumber) {
        try (Claim claim = embeddings.claim().shape(sentences.size(), ScriptedWorld.DIM)) {
            for (int i = 0; i < sentences.size(); i++) {
                ScriptedWorld.put(
                        claim, i * ScriptedWorld.DIM, ScriptedWorld.embedding(sentences.get(i)));
            }
            claim.commit(frameNumber, System.nanoTime());
        }
    }
}
