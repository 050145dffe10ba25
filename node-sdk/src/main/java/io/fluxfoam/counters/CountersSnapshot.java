package io.fluxfoam.counters;

import static io.fluxfoam.counters.CountersDescriptor.*;

import static org.agrona.concurrent.errors.DistinctErrorLog.ENCODED_ERROR_OFFSET;
import static org.agrona.concurrent.errors.DistinctErrorLog.LENGTH_OFFSET;
import static org.agrona.concurrent.errors.DistinctErrorLog.RECORD_ALIGNMENT;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.agrona.concurrent.status.CountersReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counters and errors of a node, living or dead, as of one moment. Read from a private copy of the
 * file, so that nothing that happens to the file can hurt the reader.
 *
 * @param incarnation whose they are
 * @param values value by label; a Long, or a Double that may be NaN
 * @param errors distinct errors, oldest first
 */
public record CountersSnapshot(
        long incarnation, Map<String, Number> values, List<ErrorEntry> errors) {
    private static final int MAX_CAPACITY = 1 << 16;
    private static final int MAX_ERROR_LOG_BYTES = 1 << 24;

    /** Reads a counters file. */
    public static CountersSnapshot read(Path path) throws IOException {
        MappedFile.checkOwned(path);
        long bytes = Files.size(path);
        if (bytes > fileBytes(MAX_CAPACITY, MAX_ERROR_LOG_BYTES)) {
            throw new LayoutException(LayoutException.Kind.CORRUPT, path, "bytes=" + bytes);
        }
        UnsafeBuffer all = new UnsafeBuffer(Files.readAllBytes(path));
        if (all.capacity() < HEADER_BYTES) {
            throw new LayoutException(
                    LayoutException.Kind.BEING_CREATED, path, "bytes=" + all.capacity());
        }
        LayoutException.check(path, all.getLong(MAGIC_AT), MAGIC, all.getInt(VERSION_AT), VERSION);
        int capacity = all.getInt(CAPACITY_AT);
        long errorLogBytes = all.getLong(ERROR_LOG_BYTES_AT);
        if (capacity < 1
                || capacity > MAX_CAPACITY
                || errorLogBytes < 0
                || errorLogBytes > MAX_ERROR_LOG_BYTES
                || fileBytes(capacity, (int) errorLogBytes) != all.capacity()) {
            throw new LayoutException(
                    LayoutException.Kind.CORRUPT,
                    path,
                    "capacity="
                            + capacity
                            + " errorLogBytes="
                            + errorLogBytes
                            + " bytes="
                            + all.capacity());
        }
        try {
            return new CountersSnapshot(
                    all.getLong(INCARNATION_AT),
                    values(all, capacity),
                    errors(all, capacity, (int) errorLogBytes));
        } catch (RuntimeException e) {
            throw new LayoutException(LayoutException.Kind.CORRUPT, path, e.toString());
        }
    }

    private static Map<String, Number> values(UnsafeBuffer all, int capacity) {
        CountersReader reader =
                new CountersReader(
                        new UnsafeBuffer(all, HEADER_BYTES, metadataBytes(capacity)),
                        new UnsafeBuffer(all, valuesAt(capacity), valuesBytes(capacity)));
        // Agrona allocates what a length asks for before it looks whether it is there.
        for (int id = 0; id < capacity; id++) {
            int labelAt = CountersReader.metaDataOffset(id) + CountersReader.LABEL_OFFSET;
            int labelBytes = reader.metaDataBuffer().getInt(labelAt);
            requireRange(
                    "labelBytes of counter " + id, labelBytes, 0, CountersReader.MAX_LABEL_LENGTH);
        }
        Map<String, Number> values = new LinkedHashMap<>();
        reader.forEach((id, type, key, label) -> {
            long bits = reader.getCounterValue(id);
            values.put(
                    label,
                    type == DOUBLE_TYPE ? (Number) Double.longBitsToDouble(bits) : (Number) bits);
        });
        return values;
    }

    private static List<ErrorEntry> errors(UnsafeBuffer all, int capacity, int errorLogBytes) {
        UnsafeBuffer log = new UnsafeBuffer(all, errorLogAt(capacity), errorLogBytes);
        int at = 0;
        while (at + ENCODED_ERROR_OFFSET <= errorLogBytes && log.getInt(at + LENGTH_OFFSET) != 0) {
            int bytes = log.getInt(at + LENGTH_OFFSET);
            requireRange(
                    "bytes of the error at " + at, bytes, ENCODED_ERROR_OFFSET, errorLogBytes - at);
            at += BitUtil.align(bytes, RECORD_ALIGNMENT);
        }
        List<ErrorEntry> errors = new ArrayList<>();
        ErrorLogReader.read(
                log,
                (count, firstMillis, lastMillis, text) ->
                        errors.add(new ErrorEntry(count, firstMillis, lastMillis, text)));
        return errors;
    }

    private static void requireRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + "=" + value + " not in " + least + ".." + most);
        }
    }

    /** A declared counter's value, or NaN if the node has none. */
    public double number(CounterSpec spec) {
        return number(spec.requireLabel());
    }

    /** A counter's value, or empty-handed NaN if there is none of that label. */
    public double number(String label) {
        Number value = values.get(label);
        return value == null ? Double.NaN : value.doubleValue();
    }
}
