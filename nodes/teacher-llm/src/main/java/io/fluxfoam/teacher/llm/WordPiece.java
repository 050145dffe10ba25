package io.fluxfoam.teacher.llm;

import java.text.Normalizer;
import java.util.Locale;

/**
 * The tokenizer of uncased BERT: clean, split, strip accents, lower the case, then cut each word
 * greedily into the longest known pieces; a word that cannot be cut is unknown. Keeps nothing
 * between calls.
 */
final class WordPiece {
    private static final int LONGEST_WORD = 100;
    private static final String CONTINUATION = "##";

    private final Vocabulary vocabulary;
    private final int begin;
    private final int end;
    private final int unknown;

    WordPiece(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.begin = vocabulary.requireId("[CLS]");
        this.end = vocabulary.requireId("[SEP]");
        this.unknown = vocabulary.requireId("[UNK]");
    }

    /**
     * Encodes a text between the marks of its begin and end.
     *
     * @param ids takes the ids; what does not fit is left out, but never the end mark
     * @return how many ids there are, at least 2
     */
    int encode(String text, long[] ids) {
        int count = 0;
        ids[count++] = begin;
        for (String word : split(text).split(" ")) {
            if (!word.isEmpty()) {
                count = cut(word, ids, count);
            }
        }
        ids[count++] = end;
        return count;
    }

    /** Appends the pieces of a word; one place is kept free for the end mark. */
    private int cut(String word, long[] ids, int from) {
        int count = from;
        int limit = ids.length - 1;
        if (word.codePointCount(0, word.length()) > LONGEST_WORD) {
            return append(ids, count, limit, unknown);
        }
        int at = 0;
        while (at < word.length()) {
            int to = word.length();
            int id = Vocabulary.NONE;
            while (to > at && id == Vocabulary.NONE) {
                String piece = word.substring(at, to);
                id = vocabulary.id(at > 0 ? CONTINUATION + piece : piece);
                to = id == Vocabulary.NONE ? to - 1 : to;
            }
            if (id == Vocabulary.NONE) {
                return append(ids, from, limit, unknown);
            }
            count = append(ids, count, limit, id);
            at = to;
        }
        return count;
    }

    private static int append(long[] ids, int count, int limit, int id) {
        if (count < limit) {
            ids[count] = id;
            return count + 1;
        }
        return count;
    }

    /** The words of a text with single or more spaces between them. */
    private static String split(String text) {
        StringBuilder clean = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(c -> {
                    if (isSpace(c)) {
                        clean.append(' ');
                    } else if (isIdeograph(c)) {
                        clean.append(' ').appendCodePoint(c).append(' ');
                    } else if (!isControl(c)) {
                        clean.appendCodePoint(c);
                    }
                });
        StringBuilder words = new StringBuilder(clean.length() + 16);
        Normalizer.normalize(clean, Normalizer.Form.NFD)
                .codePoints()
                .forEach(c -> {
                    if (isPunctuation(c)) {
                        words.append(' ').appendCodePoint(c).append(' ');
                    } else if (Character.getType(c) != Character.NON_SPACING_MARK) {
                        words.append(Character.toString(c).toLowerCase(Locale.ROOT));
                    }
                });
        return words.toString();
    }

    private static boolean isSpace(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || Character.isWhitespace(c)
                || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    private static boolean isControl(int c) {
        return c == 0xFFFD
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE ->
                            true;
                    default -> false;
                };
    }

    private static boolean isPunctuation(int c) {
        boolean ascii =
                c >= '!' && c <= '/'
                        || c >= ':' && c <= '@'
                        || c >= '[' && c <= '`'
                        || c >= '{' && c <= '~';
        return ascii
                || switch (Character.getType(c)) {
                    case Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.START_PUNCTUATION,
                            Character.END_PUNCTUATION,
                            Character.INITIAL_QUOTE_PUNCTUATION,
                            Character.FINAL_QUOTE_PUNCTUATION,
                            Character.OTHER_PUNCTUATION ->
                            true;
                    default -> false;
                };
    }

    /** The CJK blocks that BERT's tokenizer splits into single characters. */
    private static boolean isIdeograph(int c) {
        return c >= 0x4E00 && c <= 0x9FFF
                || c >= 0x3400 && c <= 0x4DBF
                || c >= 0x20000 && c <= 0x2A6DF
                || c >= 0x2A700 && c <= 0x2B73F
                || c >= 0x2B740 && c <= 0x2B81F
                || c >= 0x2B820 && c <= 0x2CEAF
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0x2F800 && c <= 0x2FA1F;
    }
}
