package io.fluxfoam.coordinator.status;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Values as JSON: records by their component names in order, missing figures as {@code null}, a
 * number that is not finite as {@code null}.
 */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(Double.class, new FiniteDouble())
                                    .addSerializer(double.class, new FiniteDouble()))
                    .build();
    private static final ObjectWriter COMPACT = MAPPER.writer();
    private static final ObjectWriter INDENTED = MAPPER.writer(SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    public static String compact(@Nullable Object value) {
        return write(COMPACT, value);
    }

    /** For people and for files: indented, ending in a line break. */
    public static String indented(Object value) {
        return write(INDENTED, value) + "\n";
    }

    private static String write(ObjectWriter writer, @Nullable Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) { // null has a form
            String type = Objects.requireNonNull(value).getClass().getName();
            throw new UncheckedIOException("no JSON form: " + type, e);
        }
    }

    private static final class FiniteDouble extends StdScalarSerializer<Double> {
        private static final long serialVersionUID = 1L;

        private FiniteDouble() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            if (Double.isFinite(value)) {
                out.writeNumber(value);
            } else {
                out.writeNull();
            }
        }
    }
}
