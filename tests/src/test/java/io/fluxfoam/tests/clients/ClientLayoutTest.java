package io.fluxfoam.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * {@code clients/layout.json} describes every mapped struct once: the constants of Java's
 * descriptors are those, and the block of the C source is made of it ({@code -Dlayout=write} writes
 * it anew).
 */
class ClientLayoutTest {
    private static final String BEGIN = "/* LAYOUT BEGIN */\n";
    private static final String END = "/* LAYOUT END */";
    private static final Path SOURCE = ClientTools.C.resolve("foam.c");
    private static final Path MODULE = ClientTools.PYTHON.resolve("fluxfoam/_layout.py");

    private final JsonNode structs = structs();

    private static JsonNode structs() {
        try {
            return new ObjectMapper()
                    .readTree(ClientTools.HOME.resolve("clients/layout.json").toFile())
                    .get("structs");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void shouldSayWhatTheDescriptorsSay() throws Exception {
        int compared = 0;
        for (JsonNode struct : structs) {
            if (!struct.has("java")) {
                continue;
            }
            Class<?> descriptor = Class.forName(struct.get("java").asText());
            if (struct.has("magic")) {
                assertEquals(magic(struct), constant(descriptor, "MAGIC"), descriptor.getName());
                assertEquals(
                        struct.get("version").asLong(),
                        constant(descriptor, "VERSION"),
                        descriptor.getName());
            }
            for (JsonNode field : struct.get("fields")) {
                String name =
                        field.path("java")
                                .asText(
                                        field.get("name").asText().toUpperCase(Locale.ROOT)
                                                + "_AT");
                if (name.isEmpty()) {
                    assertEquals(0, field.get("at").asLong(), field::toString); // the first word
                } else if (has(descriptor, name)) {
                    assertEquals(
                            field.get("at").asLong(), constant(descriptor, name), field::toString);
                    compared++;
                } else {
                    throw new AssertionError("no constant " + name + " in " + descriptor);
                }
            }
        }
        assertTrue(compared > 50, "only " + compared);
    }

    @Test
    void shouldSayWhatAgronaSays() {
        assertEquals(CountersReader.METADATA_LENGTH, struct("counter_meta").get("bytes").asInt());
        assertEquals(CountersReader.TYPE_ID_OFFSET, at("counter_meta", "type"));
        assertEquals(CountersReader.FREE_FOR_REUSE_DEADLINE_OFFSET, at("counter_meta", "free"));
        assertEquals(CountersReader.LABEL_OFFSET, at("counter_meta", "label_bytes"));
        assertEquals(CountersReader.LABEL_OFFSET + Integer.BYTES, at("counter_meta", "label"));
        assertEquals(CountersReader.COUNTER_LENGTH, struct("counter_value").get("bytes").asInt());
        assertEquals(DistinctErrorLog.LENGTH_OFFSET, at("error", "length"));
        assertEquals(DistinctErrorLog.OBSERVATION_COUNT_OFFSET, at("error", "count"));
        assertEquals(DistinctErrorLog.LAST_OBSERVATION_TIMESTAMP_OFFSET, at("error", "last"));
        assertEquals(DistinctErrorLog.FIRST_OBSERVATION_TIMESTAMP_OFFSET, at("error", "first"));
        assertEquals(DistinctErrorLog.ENCODED_ERROR_OFFSET, at("error", "text"));
    }

    @Test
    void shouldHaveNoFieldOverAnother() {
        for (JsonNode struct : structs) {
            long end = 0;
            for (JsonNode field : struct.get("fields")) {
                assertTrue(
                        field.get("at").asLong() >= end, () -> struct.get("name") + ": " + field);
                end = field.get("at").asLong() + bytes(field.get("type").asText());
            }
        }
    }

    @Test
    void shouldBeWhatTheSourceInCIsMadeOf() throws Exception {
        String source = Files.readString(SOURCE);
        int from = source.indexOf(BEGIN) + BEGIN.length();
        int to = source.indexOf(END);
        if (System.getProperty("layout", "").equals("write")) {
            Files.writeString(SOURCE, source.substring(0, from) + block() + source.substring(to));
        } else {
            assertEquals(block(), source.substring(from, to));
        }
    }

    @Test
    void shouldBeWhatTheModuleInPythonIsMadeOf() throws Exception {
        if (System.getProperty("layout", "").equals("write")) {
            Files.writeString(MODULE, module());
        } else {
            assertEquals(module(), Files.readString(MODULE));
        }
    }

    /** The same lines as in C, without the words for its preprocessor. */
    private String module() {
        return "\"\"\"Where things are in each mapped struct: made from clients/layout.json by"
                + " ClientLayoutTest (-Dlayout=write).\"\"\"\n\n"
                + block().replaceAll("#define (\\S+) ", "$1 = ")
                        .replaceAll("UINT64_C\\((\\S+)\\).*", "$1");
    }

    /** What Python says of dtypes must be Java's. */
    @Test
    void shouldNameTheTypesAlike() throws Exception {
        String python = Files.readString(ClientTools.PYTHON.resolve("fluxfoam/_fields.py"));
        for (io.fluxfoam.tensor.DType type : io.fluxfoam.tensor.DType.values()) {
            String name =
                    type == io.fluxfoam.tensor.DType.BF16
                            ? "bf16"
                            : type.name().substring(0, 1).toLowerCase(Locale.ROOT) + type.bytes();
            assertTrue(
                    python.contains('"' + name + "\": " + type.code()),
                    () -> name + " is not " + type.code());
        }
    }

    private String block() {
        StringBuilder block = new StringBuilder();
        for (JsonNode struct : structs) {
            String prefix = struct.get("name").asText().toUpperCase(Locale.ROOT);
            if (struct.has("magic")) {
                block.append(
                        String.format(
                                Locale.ROOT,
                                "#define %s_MAGIC UINT64_C(0x%016X) /* \"%s\" */\n",
                                prefix,
                                magic(struct),
                                struct.get("magic").asText()));
            }
            for (String number : new String[] {"version", "bytes"}) {
                if (struct.has(number)) {
                    define(block, prefix, number, "", struct.get(number).asLong());
                }
            }
            for (JsonNode field : struct.get("fields")) {
                define(block, prefix, field.get("name").asText(), "_AT", field.get("at").asLong());
            }
        }
        return block.toString();
    }

    private static void define(
            StringBuilder block, String prefix, String name, String suffix, long value) {
        block.append("#define ").append(prefix).append('_');
        block.append(name.toUpperCase(Locale.ROOT)).append(suffix);
        block.append(' ').append(value).append('\n');
    }

    private JsonNode struct(String name) {
        for (JsonNode struct : structs) {
            if (struct.get("name").asText().equals(name)) {
                return struct;
            }
        }
        throw new AssertionError("no struct " + name);
    }

    private long at(String struct, String field) {
        for (JsonNode one : struct(struct).get("fields")) {
            if (one.get("name").asText().equals(field)) {
                return one.get("at").asLong();
            }
        }
        throw new AssertionError("no field " + field);
    }

    private static long magic(JsonNode struct) {
        byte[] text = struct.get("magic").asText().getBytes(StandardCharsets.US_ASCII);
        return java.nio.ByteBuffer.wrap(text).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static long bytes(String type) {
        int bracket = type.indexOf('[');
        String scalar = bracket < 0 ? type : type.substring(0, bracket);
        String count = bracket < 0 ? "1" : type.substring(bracket + 1, type.length() - 1);
        long each = Long.parseLong(scalar.substring(1)) / 8;
        return each * (count.isEmpty() ? 0 : Long.parseLong(count));
    }

    private static boolean has(Class<?> descriptor, String name) {
        for (Field field : descriptor.getDeclaredFields()) {
            if (field.getName().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static long constant(Class<?> descriptor, String name) throws Exception {
        Field field = descriptor.getDeclaredField(name);
        field.setAccessible(true);
        return ((Number) field.get(null)).longValue();
    }
}
