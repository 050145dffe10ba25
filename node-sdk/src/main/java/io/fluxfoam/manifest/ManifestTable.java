package io.fluxfoam.manifest;

import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * Texts under keys in a Chronicle Map file that belongs to one thread of one process from open to
 * close. Entry locks of Chronicle Map outlive a killed process, so no two processes may ever have
 * the same file open.
 */
final class ManifestTable {
    private ManifestTable() {}

    /** Writes a new file and closes it. The file must not exist or be empty. */
    static void write(Path file, Map<String, String> texts) throws IOException {
        long keyBytes = 0;
        long valueBytes = 0;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            keyBytes += text.getKey().getBytes(StandardCharsets.UTF_8).length;
            valueBytes += text.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        try (ChronicleMap<String, String> map =
                builder()
                        .entries(texts.size())
                        .averageKeySize(Math.max(1.0, (double) keyBytes / texts.size()))
                        .averageValueSize(Math.max(1.0, (double) valueBytes / texts.size()))
                        .maxBloatFactor(10)
                        .createPersistedTo(file.toFile())) {
            map.putAll(texts);
        }
    }

    /**
     * Opens a file that was written whole, and gives the answer of {@code reader}, which looks up
     * texts by key.
     */
    static <R> R read(Path file, Function<Function<String, @Nullable String>, R> reader)
            throws IOException {
        try (ChronicleMap<String, String> map =
                builder()
                        .entries(1)
                        .averageKeySize(1)
                        .averageValueSize(1)
                        .createPersistedTo(file.toFile())) {
            return reader.apply(map::get);
        }
    }

    private static ChronicleMapBuilder<String, String> builder() {
        return ChronicleMapBuilder.of(String.class, String.class)
                .name("manifest")
                .actualSegments(1)
                .skipCloseOnExitHook(true);
    }
}
