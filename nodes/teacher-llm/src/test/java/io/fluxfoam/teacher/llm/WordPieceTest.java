package io.fluxfoam.teacher.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fluxfoam.teacher.ModelDirectory;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

class WordPieceTest {
    private static Vocabulary vocabulary;
    private static WordPiece tokenizer;

    @BeforeAll
    static void load() throws IOException {
        ModelDirectory models = ModelDirectory.of("teacher-llm", WordPiece.class, Optional.empty());
        vocabulary = Vocabulary.read(models.file("all-minilm-l6-v2-q-tokenizer.json").readBytes());
        tokenizer = new WordPiece(vocabulary);
    }

    private static long[] encode(String text) {
        long[] ids = new long[256];
        return Arrays.copyOf(ids, tokenizer.encode(text, ids));
    }

    private static long[] pieces(String... pieces) {
        return Arrays.stream(pieces).mapToLong(vocabulary::requireId).toArray();
    }

    @Test
    void shouldReadWholeVocabulary() {
        assertEquals(30_522, vocabulary.size());
        assertEquals(0, vocabulary.id("[PAD]"));
        assertEquals(Vocabulary.NONE, vocabulary.id("no such piece"));
    }

    @Test
    void shouldGiveReferenceIds() {
        long[] expected = {101, 2417, 20497, 2682, 1996, 7440, 102};
        assertArrayEquals(expected, encode("red kite above the harbour"));
    }

    @Test
    void shouldIgnoreCaseAccentsAndSpareSpace() {
        assertArrayEquals(encode("cafe resume"), encode("  CAF\u00C9\t re\u0301sume\u0301\n"));
    }

    @Test
    void shouldSplitPunctuationAndIdeographs() {
        assertArrayEquals(pieces("[CLS]", "don", "'", "t", "!", "[SEP]"), encode("don't!"));
        assertArrayEquals(pieces("[CLS]", "\u4E2D", "\u56FD", "[SEP]"), encode("\u4E2D\u56FD"));
    }

    @Test
    void shouldCutWordsIntoLongestPieces() {
        assertArrayEquals(
                pieces("[CLS]", "em", "##bed", "##ding", "##s", "[SEP]"), encode("embeddings"));
    }

    @Test
    void shouldCallWordUnknownThatCannotBeCutOrIsTooLong() {
        assertArrayEquals(pieces("[CLS]", "[UNK]", "a", "[SEP]"), encode("\uD83E\uDD8A a"));
        assertArrayEquals(pieces("[CLS]", "[UNK]", "[SEP]"), encode("a".repeat(101)));
    }

    @Test
    void shouldKeepEndMarkWhenTextIsTooLong() {
        long[] ids = new long[4];
        assertEquals(4, tokenizer.encode("the red kite above the harbour", ids));
        assertArrayEquals(pieces("[CLS]", "the", "red", "[SEP]"), ids);
    }

    @Test
    void shouldMarkBeginAndEndOfNothing() {
        assertArrayEquals(pieces("[CLS]", "[SEP]"), encode(" \u0000\uFFFD\u200B "));
    }

    @Test
    void shouldRefuseFileThatIsNoTokenizer() {
        assertThrows(
                IOException.class,
                () -> Vocabulary.read("{\"model\":{\"type\":1}}".getBytes(StandardCharsets.UTF_8)));
        assertThrows(
                IOException.class, () -> Vocabulary.read("{".getBytes(StandardCharsets.UTF_8)));
    }
}
