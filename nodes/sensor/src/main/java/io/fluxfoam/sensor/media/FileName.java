package io.fluxfoam.sensor.media;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Names of files as the bytes that they are on disk. In a locale that cannot spell a name, as C is
 * for "é", the path still holds its bytes, but its text has the same question mark for all such
 * letters: to use that as a key or to open it would take one file for another.
 */
final class FileName {
    private static final int HEX = 16;

    private FileName() {}

    /** The whole path from the root; each char is one byte. */
    static String bytes(Path path) {
        String escaped = path.toAbsolutePath().toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes.write(Integer.parseInt(escaped, i + 1, i + 3, HEX));
                i += 2;
            } else {
                bytes.write(escaped.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** The last name of the path; each char is one byte. */
    static String lastBytes(Path path) {
        String whole = bytes(path);
        // A folder that exists has a slash behind it.
        String bytes = whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole;
        return bytes.substring(bytes.lastIndexOf('/') + 1);
    }
}
