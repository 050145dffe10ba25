package io.fluxfoam.sensor.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which files have which caption, as a table beside them says: {@code captions.csv}, or {@code
 * metadata.csv} and {@code metadata.jsonl} of the Hugging Face AudioFolder and ImageFolder layout.
 * A row names one file in the column {@code file_name}, or several in columns that end so, and has
 * its caption in the first of the columns {@code text}, {@code caption}, {@code transcription},
 * {@code transcript}, {@code sentence}, {@code label}. A CSV file without these names, of two
 * columns, has files in the first and captions in the second.
 *
 * @param rows in their order
 * @param bad what is wrong with rows that were left out, a line for each
 */
public record CaptionTable(List<Row> rows, List<String> bad) {
    private static final Set<String> NAMES =
            Set.of("captions.csv", "captions.jsonl", "metadata.csv", "metadata.jsonl");
    private static final String FILE_NAME = "file_name";
    private static final List<String> TEXTS =
            List.of("text", "caption", "transcription", "transcript", "sentence", "label");
    private static final String MARK = "\uFEFF";
    private static final long MAX_BYTES = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A row.
     *
     * @param number of its line or row, from 1
     * @param files as the table names them, relative to its own folder
     */
    public record Row(int number, List<String> files, String caption) {}

    /** Takes copies. */
    public CaptionTable {
        rows = List.copyOf(rows);
        bad = List.copyOf(bad);
    }

    /** Whether a file of this name is one. */
    public static boolean isNamed(String fileName) {
        return NAMES.contains(fileName.toLowerCase(Locale.ROOT));
    }

    /**
     * Reads one.
     *
     * @throws IOException if it is no such table; the message is one line
     */
    public static CaptionTable read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(
                    "table too long: bytes=" + Files.size(file) + " limit=" + MAX_BYTES);
        }
        String text;
        try {
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException("table is not UTF-8", e);
        }
        String content = text.startsWith(MARK) ? text.substring(MARK.length()) : text;
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
                ? ofCsv(content)
                : ofJsonLines(content);
    }

    private static CaptionTable ofCsv(String content) throws IOException {
        List<List<String>> table = CsvReader.rows(content);
        if (table.isEmpty()) {
            throw new IOException("table is empty");
        }
        List<String> head = table.getFirst().stream().map(String::strip).toList();
        boolean isHead = head.stream().anyMatch(CaptionTable::isFileName);
        if (!isHead && (head.size() != 2 || head.getFirst().indexOf('.') < 0)) {
            throw new IOException("table has no column " + FILE_NAME);
        }
        List<String> names = isHead ? head : List.of(FILE_NAME, TEXTS.getFirst());
        if (textOf(names).isEmpty()) {
            throw new IOException("table has none of the columns " + String.join(", ", TEXTS));
        }
        Collector collector = new Collector();
        for (int i = isHead ? 1 : 0; i < table.size(); i++) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (int column = 0; column < names.size(); column++) {
                List<String> row = table.get(i);
                fields.put(names.get(column), column < row.size() ? row.get(column) : "");
            }
            collector.add(i + 1, fields);
        }
        return collector.table();
    }

    private static CaptionTable ofJsonLines(String content) {
        Collector collector = new Collector();
        int number = 0;
        for (String line : content.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                JsonNode object = JSON.readTree(line);
                Map<String, String> fields = new LinkedHashMap<>();
                object.properties()
                        .forEach(field -> {
                            if (field.getValue().isValueNode()) {
                                fields.put(field.getKey(), field.getValue().asText(""));
                            }
                        });
                collector.add(number, fields);
            } catch (JacksonException e) {
                collector.refuse(number, "is no JSON object");
            }
        }
        return collector.table();
    }

    private static boolean isFileName(String column) {
        return column.equals(FILE_NAME) || column.endsWith("_" + FILE_NAME);
    }

    private static Optional<String> textOf(Iterable<String> columns) {
        List<String> texts = new ArrayList<>();
        columns.forEach(column -> {
            if (TEXTS.contains(column)) {
                texts.add(column);
            }
        });
        return texts.stream().min(Comparator.comparing(TEXTS::indexOf));
    }

    private static final class Collector {
        private final List<Row> rows = new ArrayList<>();
        private final List<String> bad = new ArrayList<>();

        void add(int number, Map<String, String> fields) {
            List<String> files = new ArrayList<>();
            fields.forEach((column, value) -> {
                if (isFileName(column) && !value.isBlank()) {
                    files.add(value.strip());
                }
            });
            String caption = textOf(fields.keySet()).map(fields::get).orElse("").strip();
            if (files.isEmpty()) {
                refuse(number, "names no file in a column " + FILE_NAME);
            } else if (caption.isEmpty()) {
                refuse(number, "has no caption");
            } else {
                rows.add(new Row(number, List.copyOf(files), caption));
            }
        }

        void refuse(int number, String reason) {
            bad.add("row " + number + " " + reason);
        }

        CaptionTable table() {
            return new CaptionTable(rows, bad);
        }
    }
}
