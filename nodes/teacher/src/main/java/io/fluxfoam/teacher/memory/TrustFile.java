package io.fluxfoam.teacher.memory;

import io.fluxfoam.memory.AtomicFile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a life of the node has found out of a namespace and the next must not forget, {@code
 * memory.class}: {@code NAMESPACE approximate} or {@code NAMESPACE closed} on one line. No file
 * says exact. Removing it gives the namespace another chance.
 */
final class TrustFile {
    private static final String NAME = "memory.class";

    private final Path path;
    private final String key;

    TrustFile(Path directory, Namespace namespace) {
        this.path = directory.resolve(NAME);
        this.key = namespace.key();
    }

    /** Another namespace's line, or no line, says nothing. */
    Trust.Kind read() throws IOException {
        if (Files.exists(path)) {
            String line = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).strip();
            for (Trust.Kind kind : Trust.Kind.values()) {
                if (line.equals(line(kind))) {
                    return kind;
                }
            }
        }
        return Trust.Kind.EXACT;
    }

    void write(Trust.Kind kind) throws IOException {
        AtomicFile.replace(path, (line(kind) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private String line(Trust.Kind kind) {
        return key + " " + kind.name().toLowerCase(java.util.Locale.ROOT);
    }
}
