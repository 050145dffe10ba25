package io.fluxfoam.student;

import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Says what it is told to, again and again as a real one does. */
final class ToyEvaluator implements NodeAgent {
    private static final long SAY_AGAIN_NS = 200_000_000L;

    private final AtomicReference<List<TeacherVerdict>> toSay = new AtomicReference<>(List.of());
    private List<TeacherVerdict> said = List.of();
    private final AtomicReference<List<JudgeReliability>> measured =
            new AtomicReference<>(List.of());
    private StreamWriter verdicts;
    private StreamWriter reliability;
    private long saidNs;

    /** From any thread. */
    void say(TeacherVerdict... words) {
        toSay.set(List.of(words));
    }

    /** From any thread: how reliable evaluators are. */
    void measure(JudgeReliability... all) {
        measured.set(List.of(all));
    }

    @Override
    public void onStart(Node node) throws IOException {
        verdicts = node.publish(StreamSpec.of("verdicts", DType.U8, 4096));
        reliability = node.publish(StreamSpec.of("reliabilities", DType.U8, 4096));
    }

    @Override
    public int doWork() {
        List<TeacherVerdict> words = toSay.get();
        long nowNs = System.nanoTime();
        if (words.isEmpty() || words.equals(said) && nowNs - saidNs < SAY_AGAIN_NS) {
            return 0;
        }
        said = words;
        saidNs = nowNs;
        publish(verdicts, TeacherVerdict.text(words), nowNs);
        publish(reliability, JudgeReliability.text(measured.get()), nowNs);
        return 1;
    }

    private static void publish(StreamWriter stream, String said, long nowNs) {
        byte[] text = said.getBytes(StandardCharsets.UTF_8);
        try (Claim claim = stream.claim().shape(text.length)) {
            MemorySegment.copy(text, 0, claim.payload(), ValueLayout.JAVA_BYTE, 0, text.length);
            claim.commit(0, nowNs);
        }
    }
}
