package io.fluxfoam.evaluator;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.stream.Claim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Four sentences of seen words, two with an unseen one, and an embedding for each: what the toy
 * nodes agree on.
 */
final class ScriptedWorld {
    static final int DIM = 8;
    static final List<String> SEEN = List.of("red cat", "red dog", "blue cat", "blue dog");
    static final List<String> UNSEEN = List.of("green cat", "red yak");
    static final String CANDIDATES =
            Candidates.of(
                            new CandidateSet("seenWords", HoldoutKind.SENTENCES, SEEN),
                            new CandidateSet("unseenWords", HoldoutKind.SENTENCES, UNSEEN))
                    .text();

    private ScriptedWorld() {}

    /** All candidates in the order of their embeddings. */
    static List<String> sentences() {
        return Candidates.parse(CANDIDATES).captions();
    }

    /**
     * The sentence of a frame: HOLDOUT frames walk the candidates, TRAIN frames all show the same.
     */
    static String sentence(long counter) {
        int ordinal = (int) HoldoutRule.ordinal(counter);
        return HoldoutRule.isHoldout(counter)
                ? sentences().get(ordinal % sentences().size())
                : "a seen sentence";
    }

    /** What the toy teacher says to a sentence, far from zero like a real one. */
    static float[] embedding(String sentence) {
        Random random = new Random(sentence.hashCode());
        float[] values = new float[DIM];
        for (int d = 0; d < DIM; d++) {
            values[d] = mean(d) + (float) random.nextGaussian() * scale(d);
        }
        return values;
    }

    static float mean(int d) {
        return 100 + 10 * d;
    }

    static float scale(int d) {
        return .01f * (1 + d);
    }

    static void put(Claim claim, int index, float... values) {
        MemorySegment.copy(
                values,
                0,
                claim.payload(),
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                (long) index * Float.BYTES,
                values.length);
    }

    static void putText(Claim claim, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(bytes, 0, claim.payload(), ValueLayout.JAVA_BYTE, 0, bytes.length);
        claim.shape(bytes.length);
    }
}
