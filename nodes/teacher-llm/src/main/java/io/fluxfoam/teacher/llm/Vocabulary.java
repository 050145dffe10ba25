package io.fluxfoam.teacher.llm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The word pieces of a BERT tokenizer and their ids. Immutable. */
final class Vocabulary {
    /** The answer to {@link #id} for what is no piece. */
    static final int NONE = -1;

    private final Map<String, Integer> ids;

    private Vocabulary(Map<String, Integer> ids) {
        this.ids = ids;
    }

    /**
     * Reads {@code model.vocab} of a tokenizer.json, as a stream: the rest of the file is skipped,
     * nothing is kept.
     *
     * @throws IOException if the file is no such JSON
     */
    static Vocabulary read(byte[] tokenizerJson) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(tokenizerJson)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            enter(parser, "model");
            enter(parser, "vocab");
            Map<String, Integer> ids = HashMap.newHashMap(1 << 15);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String piece = parser.currentName();
                ids.put(piece, parser.nextIntValue(NONE));
            }
            return new Vocabulary(ids);
        }
    }

    /**
     * Goes on to a field of the object that the parser is in, and into the object that it holds.
     */
    private static void enter(JsonParser parser, String field) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(field);
            JsonToken value = parser.nextToken();
            if (found) {
                require(value == JsonToken.START_OBJECT);
                return;
            }
            parser.skipChildren();
        }
        require(false);
    }

    private static void require(boolean expected) throws IOException {
        if (!expected) {
            throw new IOException("tokenizer has no model.vocab");
        }
    }

    /** Id of a piece, {@link #NONE} if there is no such piece. */
    int id(String piece) {
        return ids.getOrDefault(piece, NONE);
    }

    /**
     * Id of a piece that must be there.
     *
     * @throws IllegalArgumentException if it is not
     */
    int requireId(String piece) {
        int id = id(piece);
        if (id == NONE) {
            throw new IllegalArgumentException(
                    "vocabulary of " + ids.size() + " pieces has no " + piece);
        }
        return id;
    }

    /** Number of pieces. */
    int size() {
        return ids.size();
    }
}
