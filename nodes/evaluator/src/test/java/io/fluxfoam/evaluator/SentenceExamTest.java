package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SentenceExamTest {
    private static final long FRAME_OF_TEXT = 7;
    private static final RegionStatistics STATISTICS = statistics();

    private final SentenceExam exam = new SentenceExam();

    @Test
    void shouldJudgeInWhicheverOrderSentencesAndEmbeddingsCome() {
        exam.embeddings(FRAME_OF_TEXT, rows());
        exam.caption(1, "red dog");
        assertFalse(judge(1, "red dog"), "the sentences are unknown");
        exam.candidates(FRAME_OF_TEXT, ToyWorld.CANDIDATES);
        exam.caption(2, "red dog");
        assertTrue(judge(2, "red dog"));
        assertEquals(1, exam.frames());
    }

    @Test
    void shouldNotBelieveEmbeddingsOfOtherSentences() {
        exam.candidates(FRAME_OF_TEXT, ToyWorld.CANDIDATES);
        exam.embeddings(FRAME_OF_TEXT + 1, rows());
        exam.caption(1, "red dog");
        assertFalse(judge(1, "red dog"));
    }

    private boolean judge(long frameNumber, String sentence) {
        return exam.judge(frameNumber, ToyWorld.embedding(sentence), ToyWorld.embedding(sentence), STATISTICS);
    }

    private static float[][] rows() {
        List<String> sentences = ToyWorld.sentences();
        return sentences.stream().map(ToyWorld::embedding).toArray(float[][]::new);
    }

    private static RegionStatistics statistics() {
        float[] means = new float[ToyWorld.DIM];
        float[] scales = new float[ToyWorld.DIM];
        for (int d = 0; d < ToyWorld.DIM; d++) {
            means[d] = ToyWorld.mean(d);
            scales[d] = ToyWorld.scale(d);
        }
        return new RegionStatistics(means, scales);
    }
}
