package io.fluxfoam.sensor.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of comma-separated values as RFC 4180 has them: fields may be in quotes, and then hold
 * commas, line breaks and doubled quotes. Blank lines are none.
 */
final class CsvReader {
    private static final char QUOTE = '"';

    private final String text;
    private int at;

    private CsvReader(String text) {
        this.text = text;
    }

    /** Takes a text apart. */
    static List<List<String>> rows(String text) {
        CsvReader reader = new CsvReader(text);
        List<List<String>> rows = new ArrayList<>();
        while (reader.at < text.length()) {
            List<String> row = reader.row();
            if (row.size() > 1 || !row.getFirst().isBlank()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private List<String> row() {
        List<String> fields = new ArrayList<>();
        fields.add(field());
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
            fields.add(field());
        }
        at += text.startsWith("\r\n", at) ? 2 : 1;
        return fields;
    }

    private String field() {
        if (at < text.length() && text.charAt(at) == QUOTE) {
            return quoted();
        }
        int begin = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(begin, at);
    }

    /** What stands between the closing quote and the next comma belongs to the field too. */
    private String quoted() {
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next != QUOTE) {
                field.append(next);
            } else if (at < text.length() && text.charAt(at) == QUOTE) {
                field.append(QUOTE);
                at++;
            } else {
                return field + (at < text.length() && text.charAt(at) != QUOTE ? field() : "");
            }
        }
        return field.toString();
    }
}
