package io.fluxfoam.journal;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;

/**
 * Maps, collections and plain values as JSON on one line. A number that is not finite is {@code
 * null}; any other object is its {@code toString()}.
 */
public final class JsonLine {
    private JsonLine() {}

    /** The JSON of these facts. */
    public static String of(Map<String, ?> facts) {
        StringBuilder json = new StringBuilder(256);
        append(facts, json);
        return json.toString();
    }

    private static void append(@Nullable Object value, StringBuilder json) {
        switch (value) {
            case null -> json.append("null");
            case Boolean bool -> json.append(bool.booleanValue());
            case Double number -> json.append(Double.isFinite(number) ? number.toString() : "null");
            case Float number -> json.append(Float.isFinite(number) ? number.toString() : "null");
            case Number number -> json.append(number);
            case Map<?, ?> map -> append(map, json);
            case Iterable<?> values -> append(values, json);
            default -> quote(value.toString(), json);
        }
    }

    private static void append(Map<?, ?> map, StringBuilder json) {
        json.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.append(separator);
            quote(String.valueOf(entry.getKey()), json);
            json.append(':');
            append(entry.getValue(), json);
            separator = ",";
        }
        json.append('}');
    }

    private static void append(Iterable<?> values, StringBuilder json) {
        json.append('[');
        String separator = "";
        for (Object value : values) {
            json.append(separator);
            append(value, json);
            separator = ",";
        }
        json.append(']');
    }

    static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c) && !isPaired(text, i)) {
                        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    private static boolean isPaired(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }
}
