package io.fluxfoam.manifest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A manifest whose seal is right and whose texts are not: what a faulty writer publishes, and no
 * damage makes.
 */
public final class ForgedManifest {
    private ForgedManifest() {}

    /** Keys and texts of a good one. */
    public static Map<String, String> texts(Manifest manifest) {
        return new LinkedHashMap<>(ManifestText.encode(manifest));
    }

    /** The text of a good one in JSON. */
    public static String json(Manifest manifest) throws IOException {
        return new String(ManifestJson.encode(manifest), StandardCharsets.UTF_8);
    }

    /** Writes this text as a sealed manifest in JSON. */
    public static void writeJson(Path file, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        Files.deleteIfExists(file);
        Files.write(file, body);
        Files.write(
                file,
                ManifestTrailer.of(body, ManifestTrailer.JSON).array(),
                StandardOpenOption.APPEND);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Writes these texts as a sealed manifest. */
    public static void write(Path file, Map<String, String> texts) throws IOException {
        Files.deleteIfExists(file);
        ManifestTable.write(file, texts);
        byte[] body = Files.readAllBytes(file);
        Files.write(file, ManifestTrailer.of(body).array(), StandardOpenOption.APPEND);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
