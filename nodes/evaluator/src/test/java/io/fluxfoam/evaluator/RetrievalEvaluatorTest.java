package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapScaling;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.Worlds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

class RetrievalEvaluatorTest {
    private static final long FRAME_OF_TEXT = 7;
    private static final RegionScaling SCALING = scaling();

    private final RetrievalEvaluator evaluation = new RetrievalEvaluator(null);

    @Test
    void shouldJudgeInWhicheverOrderSentencesAndEmbeddingsCome() {
        evaluation.embeddings(FRAME_OF_TEXT, rows());
        evaluation.caption(1, "red dog");
        assertFalse(judge(1, "red dog"), "the sentences are unknown");
        evaluation.candidates(FRAME_OF_TEXT, ScriptedWorld.CANDIDATES);
        evaluation.caption(2, "red dog");
        assertTrue(judge(2, "red dog"));
        assertEquals(1, evaluation.frames());
    }

    @Test
    void shouldNotBelieveEmbeddingsOfOtherSentences() {
        evaluation.candidates(FRAME_OF_TEXT, ScriptedWorld.CANDIDATES);
        evaluation.embeddings(FRAME_OF_TEXT + 1, rows());
        evaluation.caption(1, "red dog");
        assertFalse(judge(1, "red dog"));
    }

    /** A sensor that starts again offers the same sentences under another frame. */
    @Test
    void shouldRememberTheNewestOffersAlone() {
        for (int offer = 1; offer <= 17; offer++) {
            evaluation.candidates(offer, ScriptedWorld.CANDIDATES);
        }
        evaluation.caption(1, "red dog");
        evaluation.embeddings(1, rows());
        assertFalse(judge(1, "red dog"), "an offer of long ago");
        evaluation.caption(1, "red dog");
        evaluation.embeddings(2, rows());
        assertTrue(judge(1, "red dog"));
    }

    @Test
    void shouldGoOnWhereAnEarlierLifeStopped(@TempDir Path state) throws IOException {
        evaluation.candidates(FRAME_OF_TEXT, ScriptedWorld.CANDIDATES);
        evaluation.embeddings(FRAME_OF_TEXT, rows());
        long frame = 0;
        for (String sentence : List.of("red dog", "red dog", "red dog")) {
            evaluation.caption(++frame, sentence);
            assertTrue(judge(frame, sentence));
        }
        RetrievalFile file = new RetrievalFile(state);
        assertEquals(Optional.empty(), file.load());
        file.save(evaluation.record());

        RetrievalEvaluator next = new RetrievalEvaluator(file.load().orElseThrow());
        assertEquals(0, next.frames(), "not before the same sentences come");
        next.candidates(FRAME_OF_TEXT + 1, ScriptedWorld.CANDIDATES);
        assertEquals(3, next.frames());
        assertEquals(2, seen(next).both().frames());
        assertEquals(2, seen(next).picture().frames());
        assertEquals(2, seen(next).sound().frames());

        RetrievalEvaluator other = new RetrievalEvaluator(file.load().orElseThrow());
        other.candidates(FRAME_OF_TEXT, ScriptedWorld.CANDIDATES.replace("red", "lilac"));
        assertEquals(0, other.frames(), "figures of other sentences");
        assertEquals(0, seen(other).both().frames());
    }

    @Test
    void shouldRefuseADamagedFile(@TempDir Path state) throws IOException {
        evaluation.candidates(FRAME_OF_TEXT, ScriptedWorld.CANDIDATES);
        RetrievalFile file = new RetrievalFile(state);
        file.save(evaluation.record());
        byte[] bytes = Files.readAllBytes(state.resolve("exam"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(state.resolve("exam"), bytes);
        IOException damage = assertThrows(IOException.class, file::load);
        assertTrue(
                damage.getMessage().contains("file=" + state.resolve("exam")), damage.getMessage());
    }

    @Test
    void shouldSayOfAFileOfTheVersionBeforeThatItBeginsAnew(@TempDir Path state)
            throws IOException {
        ByteBuffer old = ByteBuffer.allocate(36).putLong(0x464F414D4558414DL);
        CRC32C crc = new CRC32C();
        crc.update(old.array(), 0, 32);
        old.putInt(32, (int) crc.getValue());
        Files.write(state.resolve("exam"), old.array());
        IOException said = assertThrows(IOException.class, new RetrievalFile(state)::load);
        assertEquals(
                "exam of an older version, begins anew: file=" + state.resolve("exam"),
                said.getMessage());
    }

    /** Two sets of one world share captions and take turns; another world has its own. */
    @Test
    void shouldJudgeAFrameAmongTheCandidatesOfItsOwnSet() {
        List<String> both = List.of("red cat", "red dog");
        Candidates candidates =
                new Candidates(
                        new Worlds(2, 6),
                        List.of(
                                new CandidateSet("hands", HoldoutKind.STYLE, 0, 0, 2, both),
                                new CandidateSet("again", HoldoutKind.RENDERINGS, 0, 1, 2, both),
                                new CandidateSet(
                                        "all",
                                        HoldoutKind.TAKES,
                                        1,
                                        0,
                                        1,
                                        List.of("red dog", "blue dog", "green cat"))));
        evaluation.candidates(FRAME_OF_TEXT, candidates.text());
        evaluation.embeddings(
                FRAME_OF_TEXT,
                candidates.captions().stream()
                        .map(ScriptedWorld::embedding)
                        .toArray(float[][]::new));
        long[] frames = {2, 5, 14, 17, 8, 11};
        for (long frame : frames) {
            evaluation.caption(frame, "red dog");
            assertTrue(judge(frame, "red dog"));
        }
        evaluation.caption(20, "red cat");
        assertFalse(judge(20, "red cat"), "no candidate of the world whose turn it is");
        assertEquals(List.of(2, 2, 2), evaluation.sets().stream().map(this::frames).toList());
        assertEquals(6, evaluation.frames());
    }

    /** What the picture alone or the sound alone says stands beside what both say. */
    @Test
    void shouldKeepTheThreeViewsApart() {
        evaluation.candidates(FRAME_OF_TEXT, ScriptedWorld.CANDIDATES);
        evaluation.embeddings(FRAME_OF_TEXT, rows());
        long frame = 0;
        for (int turn = 0; turn < 2; turn++) {
            for (String sentence : ScriptedWorld.SEEN) {
                evaluation.caption(++frame, sentence);
                float[][] views = {
                    ScriptedWorld.embedding(sentence),
                    ScriptedWorld.embedding("red cat"),
                    ScriptedWorld.embedding(turn == 0 ? sentence : "red cat")
                };
                assertTrue(evaluation.judge(frame, views, SCALING).isPresent());
            }
        }
        assertEquals(1, seen(evaluation).both().top1());
        assertEquals(.25, seen(evaluation).picture().top1());
        assertEquals(.625, seen(evaluation).sound().top1());
    }

    private int frames(SetEvaluation set) {
        return set.scores().both().frames();
    }

    private static SetScores seen(RetrievalEvaluator evaluation) {
        return evaluation.sets().getFirst().scores();
    }

    private boolean judge(long frameNumber, String sentence) {
        float[] said = ScriptedWorld.embedding(sentence);
        return evaluation.judge(frameNumber, new float[][] {said, said, said}, SCALING).isPresent();
    }

    private static float[][] rows() {
        List<String> sentences = ScriptedWorld.sentences();
        return sentences.stream().map(ScriptedWorld::embedding).toArray(float[][]::new);
    }

    private static RegionScaling scaling() {
        HeatmapLayout layout = HeatmapLayout.EMPTY.append("language", 1, ScriptedWorld.DIM);
        int floats = layout.floats();
        float[] values = new float[2 * floats];
        for (int d = 0; d < ScriptedWorld.DIM; d++) {
            values[d] = ScriptedWorld.mean(d);
            values[floats + d] = ScriptedWorld.scale(d);
        }
        HeatmapScaling scaling =
                HeatmapScaling.read(layout, layout.version(), MemorySegment.ofArray(values))
                        .orElseThrow();
        return scaling.of(layout.regions().getFirst()).orElseThrow();
    }
}
