package io.fluxfoam.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.fluxfoam.tensor.DType;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A manifest as a JSON object whose names are those of {@link Manifest} and {@link StreamCard}:
 * what nodes in other languages write and read. Names that are not known are passed over, those
 * that are missing are an error.
 */
public final class ManifestJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private ManifestJson() {}

    /** The manifest as UTF-8 text. */
    public static byte[] encode(Manifest manifest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("node", manifest.node());
            json.writeStringField("role", manifest.role());
            json.writeNumberField("incarnation", manifest.incarnation());
            json.writeNumberField("pid", manifest.pid());
            json.writeNumberField("startedMillis", manifest.startedMillis());
            json.writeStringField("device", manifest.device());
            json.writeArrayFieldStart("streams");
            for (StreamCard card : manifest.streams()) {
                encode(card, json);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("attributes");
            for (Map.Entry<String, String> attribute : manifest.sortedAttributes().entrySet()) {
                json.writeStringField(attribute.getKey(), attribute.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void encode(StreamCard card, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", card.name());
        json.writeStringField("dtype", card.dtype().name());
        json.writeArrayFieldStart("maxShape");
        for (long dim : card.maxShape()) {
            json.writeNumber(dim);
        }
        json.writeEndArray();
        json.writeNumberField("slots", card.slots());
        json.writeNumberField("maxReaders", card.maxReaders());
        json.writeNumberField("slotBytes", card.slotBytes());
        json.writeStringField("checksum", card.checksum());
        json.writeStringField("device", card.device());
        json.writeStringField("controlFile", card.controlFile());
        json.writeStringField("payloadFile", card.payloadFile());
        json.writeStringField("fence", card.fence());
        json.writeEndObject();
    }

    /**
     * The manifest that these bytes are.
     *
     * @throws IOException if they are no JSON
     * @throws IllegalArgumentException if it is no manifest
     */
    public static Manifest decode(byte[] bytes) throws IOException {
        return decode(bytes, bytes.length);
    }

    /**
     * The manifest in the first bytes.
     *
     * @throws IOException if they are no JSON
     * @throws IllegalArgumentException if it is no manifest
     */
    static Manifest decode(byte[] bytes, int length) throws IOException {
        try (JsonParser json = FACTORY.createParser(bytes, 0, length)) {
            json.nextToken();
            Map<String, Object> texts = object(json);
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("more than one value");
            }
            return manifest(texts);
        }
    }

    private static Manifest manifest(Map<String, Object> values) {
        List<StreamCard> streams = new ArrayList<>();
        for (Object stream : list("streams", values)) {
            streams.add(card(map("streams", stream)));
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (Map.Entry<String, Object> attribute :
                map("attributes", values.get("attributes")).entrySet()) {
            attributes.put(attribute.getKey(), text(attribute.getKey(), attribute.getValue()));
        }
        return new Manifest(
                text("node", values),
                text("role", values),
                number("incarnation", values),
                number("pid", values),
                number("startedMillis", values),
                text("device", values),
                streams,
                attributes);
    }

    private static StreamCard card(Map<String, Object> values) {
        List<Object> dims = list("maxShape", values);
        long[] shape = new long[dims.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = number("maxShape", dims.get(i));
        }
        return new StreamCard(
                text("name", values),
                DType.valueOf(text("dtype", values)),
                shape,
                Math.toIntExact(number("slots", values)),
                Math.toIntExact(number("maxReaders", values)),
                number("slotBytes", values),
                text("checksum", values),
                text("device", values),
                text("controlFile", values),
                text("payloadFile", values),
                text("fence", values));
    }

    private static String text(String name, Map<String, Object> values) {
        return text(name, values.get(name));
    }

    private static String text(String name, @Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no text: name=" + name);
    }

    private static long number(String name, Map<String, Object> values) {
        return number(name, values.get(name));
    }

    private static long number(String name, @Nullable Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("no whole number: name=" + name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?>) {
            return (Map<String, Object>) value;
        }
        throw new IllegalArgumentException("no object: name=" + name);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(String name, Map<String, Object> values) {
        if (values.get(name) instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw new IllegalArgumentException("no array: name=" + name);
    }

    /** The object that begins at the current token: texts, whole numbers, lists and objects. */
    private static Map<String, Object> object(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("no object: token=" + json.currentToken());
        }
        Map<String, Object> values = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (values.put(name, value(json)) != null) {
                throw new IllegalArgumentException("twice: name=" + name);
            }
        }
        return values;
    }

    private static Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> {
                List<Object> values = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    values.add(value(json));
                }
                yield values;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case null -> throw new IllegalArgumentException("ends too early");
            default -> json.getText(); // of a name that is not known: fraction, truth, null
        };
    }
}
