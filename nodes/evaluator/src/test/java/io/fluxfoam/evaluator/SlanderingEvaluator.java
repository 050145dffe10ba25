package io.fluxfoam.evaluator;

import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.distill.VerdictCause;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.util.List;

/** One that says again and again that an honest teacher is wrong. */
final class SlanderingEvaluator implements NodeAgent {
    private static final long SAY_AGAIN_NS = 50_000_000L;

    private StreamWriter verdicts;
    private long saidNs;

    @Override
    public void onStart(Node node) throws IOException {
        verdicts = node.publish(StreamSpec.of("verdicts", DType.U8, 4096));
        saidNs = System.nanoTime() - SAY_AGAIN_NS;
    }

    @Override
    public int doWork() {
        long nowNs = System.nanoTime();
        if (nowNs - saidNs < SAY_AGAIN_NS) {
            return 0;
        }
        saidNs = nowNs;
        try (Claim claim = verdicts.claim()) {
            ScriptedWorld.putText(
                    claim,
                    TeacherVerdict.text(
                            List.of(
                                    new TeacherVerdict(
                                            "teacher-llm",
                                            "",
                                            TeacherState.QUARANTINED,
                                            0,
                                            VerdictCause.RESIDUAL,
                                            1,
                                            0,
                                            List.of()))));
            claim.commit(0, nowNs);
        }
        return 1;
    }
}
