package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a text says of an item. */
final class Caption {
    /** What some editors write before a text, to say that it is UTF-8. */
    private static final String MARK = "\uFEFF";

    private static final long MAX_FILE_BYTES = 65_536;

    private Caption() {}

    /** Reads UTF-8 with single spaces; null if there is none. */
    static @Nullable String read(Path file) throws SourceException {
        try {
            long fileBytes = Files.size(file);
            if (fileBytes > MAX_FILE_BYTES) {
                throw tooLong(file, fileBytes);
            }
            String text = Files.readString(file);
            return of(text.startsWith(MARK) ? text.substring(MARK.length()) : text, file);
        } catch (CharacterCodingException e) {
            throw new SourceException("caption is not UTF-8: " + file, e);
        } catch (SourceException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException("cannot read caption " + file + ": " + e.getMessage(), e);
        }
    }

    /** With single spaces; null if nothing is left. */
    static @Nullable String of(String text, Path file) throws SourceException {
        String caption = text.strip().replaceAll("\\s+", " ");
        int bytes = caption.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > FrameSource.MAX_CAPTION_BYTES) {
            throw tooLong(file, bytes);
        }
        return caption.isEmpty() ? null : caption;
    }

    private static SourceException tooLong(Path file, long bytes) {
        return new SourceException(
                "caption too long: file="
                        + file
                        + " bytes="
                        + bytes
                        + " limit="
                        + FrameSource.MAX_CAPTION_BYTES);
    }
}
