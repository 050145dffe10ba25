package io.fluxfoam.sensor.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.util.Map;

/** What a command says, for scripts. */
public final class JsonText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonText() {}

    /** An object of these fields, in their order; values are numbers, texts, lists and maps. */
    public static String of(Map<String, ?> fields) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + fields, e);
        }
    }
}
