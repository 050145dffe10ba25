package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentenceExamTest {
    private static final long FRAME_OF_TEXT = 7;
    private static final RegionStatistics STATISTICS = statistics();

    private final SentenceExam exam = new SentenceExam(null);

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

    /** A sensor that starts again offers the same sentences under another frame. */
    @Test
    void shouldRememberTheNewestOffersAlone() {
        for (int offer = 1; offer <= 17; offer++) {
            exam.candidates(offer, ToyWorld.CANDIDATES);
        }
        exam.caption(1, "red dog");
        exam.embeddings(1, rows());
        assertFalse(judge(1, "red dog"), "an offer of long ago");
        exam.caption(1, "red dog");
        exam.embeddings(2, rows());
        assertTrue(judge(1, "red dog"));
    }

    @Test
    void shouldGoOnWhereAnEarlierLifeStopped(@TempDir Path state) throws IOException {
        exam.candidates(FRAME_OF_TEXT, ToyWorld.CANDIDATES);
        exam.embeddings(FRAME_OF_TEXT, rows());
        long frame = 0;
        for (String sentence : List.of("red dog", "red dog", "red dog")) {
            exam.caption(++frame, sentence);
            assertTrue(judge(frame, sentence));
        }
        ExamFile file = new ExamFile(state);
        assertEquals(Optional.empty(), file.load());
        file.save(exam.record());

        SentenceExam next = new SentenceExam(file.load().orElseThrow());
        assertEquals(0, next.frames(), "not before the same sentences come");
        next.candidates(FRAME_OF_TEXT + 1, ToyWorld.CANDIDATES);
        assertEquals(3, next.frames());
        assertEquals(exam.seenWords().frames(), next.seenWords().frames());
        assertEquals(exam.pictureOnly().frames(), next.pictureOnly().frames());

        SentenceExam other = new SentenceExam(file.load().orElseThrow());
        other.candidates(FRAME_OF_TEXT, "seen\tgreen dog\nunseen\tblue cat\n");
        assertEquals(0, other.frames(), "figures of other sentences");
        assertEquals(0, other.seenWords().frames());
    }

    @Test
    void shouldRefuseADamagedFile(@TempDir Path state) throws IOException {
        exam.candidates(FRAME_OF_TEXT, ToyWorld.CANDIDATES);
        ExamFile file = new ExamFile(state);
        file.save(exam.record());
        byte[] bytes = Files.readAllBytes(state.resolve("exam"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(state.resolve("exam"), bytes);
        IOException damage = assertThrows(IOException.class, file::load);
        assertTrue(damage.getMessage().contains("file=" + state.resolve("exam")), damage.getMessage());
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
