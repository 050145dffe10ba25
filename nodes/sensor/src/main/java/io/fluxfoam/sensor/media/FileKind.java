package io.fluxfoam.sensor.media;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * What a file of a folder is, by its extension. Of pictures and recordings these are what the
 * bundled FFmpeg decodes; HEIC is not: a telephone's is made of tiles, of which it would show one.
 */
enum FileKind {
    /** One picture. */
    PICTURE("png", "jpg", "jpeg", "bmp", "gif", "webp", "tif", "tiff", "avif", "ppm", "pgm", "qoi"),
    /** Sound alone. */
    SOUND(
            "wav", "flac", "mp3", "ogg", "oga", "opus", "m4a", "aac", "aif", "aiff", "wma", "amr",
            "caf", "au"),
    /** Pictures, sound, or both. */
    FILM("mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "wmv", "3gp", "ogv", "flv"),
    /** A caption. */
    TEXT("txt"),
    /** Nothing of ours. */
    OTHER;

    private final Set<String> extensions;

    FileKind(String... extensions) {
        this.extensions = Set.of(extensions);
    }

    Set<String> extensions() {
        return extensions;
    }

    /** By what follows the last dot. */
    static FileKind of(String extension) {
        for (FileKind kind : values()) {
            if (kind.extensions.contains(extension.toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        return OTHER;
    }

    static FileKind of(Path file) {
        String name = FileName.lastBytes(file);
        return of(name.substring(name.lastIndexOf('.') + 1));
    }
}
