package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that FFmpeg can open.
 *
 * @param format FFmpeg's name of the device kind, as "v4l2"; null for a file, whose format is found
 *     by looking into it
 * @param url file or device as FFmpeg takes it; each char is one byte
 * @param name what error messages call it
 */
record MediaInput(@Nullable String format, String url, String name) {
    /** Whatever follows is a name: no other protocol, no option. */
    private static final String FILE_PROTOCOL = "file:";

    /** A file that exists, can be read and has something in it. */
    static MediaInput file(Path path) throws SourceException {
        if (!Files.exists(path)) {
            throw new SourceException("file not found: " + path);
        }
        if (!Files.isRegularFile(path)) { // a pipe would never end, and cannot be read twice
            throw new SourceException("not a regular file: " + path);
        }
        if (!Files.isReadable(path)) {
            throw new SourceException("file not readable: " + path);
        }
        if (size(path) == 0) {
            throw new SourceException("file is empty: " + path);
        }
        return new MediaInput(null, FILE_PROTOCOL + FileName.bytes(path), path.toString());
    }

    /** The parts of a file: one, or those of several that were written one behind the other. */
    static List<MediaInput> parts(Path path) throws SourceException {
        MediaInput whole = file(path);
        try {
            List<Long> begins = JoinedFile.begins(path);
            if (begins.size() == 1) {
                return List.of(whole);
            }
            List<MediaInput> parts = new ArrayList<>();
            for (int i = 0; i < begins.size(); i++) {
                long end = i + 1 < begins.size() ? begins.get(i + 1) : size(path);
                String url =
                        "subfile,,start," + begins.get(i) + ",end," + end + ",,:" + whole.url();
                parts.add(new MediaInput(null, url, whole.name()));
            }
            return parts;
        } catch (IOException e) {
            throw new SourceException("file not readable: " + path, e);
        }
    }

    private static long size(Path path) throws SourceException {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new SourceException("file not readable: " + path, e);
        }
    }

    /**
     * A capture device.
     *
     * @param kind "camera" or "microphone"
     * @param device {@code FORMAT:DEVICE}, or a device of the default format
     */
    static MediaInput device(String kind, String defaultFormat, String device)
            throws SourceException {
        int colon = device.indexOf(':');
        String format = colon < 0 ? defaultFormat : device.substring(0, colon);
        String url = device.substring(colon + 1);
        if (url.startsWith("/") && !Files.exists(Path.of(url))) {
            throw new SourceException(kind + " not found: " + url);
        }
        String bytes =
                new String(url.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return new MediaInput(format, bytes, kind + " " + format + ":" + url);
    }

    boolean isFile() {
        return format == null;
    }
}
