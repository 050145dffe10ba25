package io.fluxfoam.memory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A mapped file is not what its name says. The kind tells whether waiting, updating or deleting
 * would help.
 */
public final class LayoutException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why a file was refused. */
    public enum Kind {
        /** Its bytes contradict its layout. */
        CORRUPT,
        /** Written by an older version than this one reads. */
        TOO_OLD,
        /** Written by a newer version than this one reads. */
        TOO_NEW,
        /** Its creator has not finished it yet. */
        BEING_CREATED,
        /**
         * Not a file of ours alone: a link, a folder, another user's, or open to others. Nothing in
         * it was read.
         */
        REFUSED
    }

    private static final int MAX_DETAIL = 500;

    private final Kind kind;

    /**
     * A refusal with the values that led to it. They come from the file, so they are cut and made
     * one line.
     */
    public LayoutException(Kind kind, Path path, @Nullable String detail) {
        super(
                kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
                        + ": path="
                        + path
                        + " "
                        + line(detail));
        this.kind = kind;
    }

    private LayoutException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** A file that is not opened at all. */
    static LayoutException refused(String reason, Path path, String detail) {
        return new LayoutException(Kind.REFUSED, reason + ": path=" + path + detail);
    }

    private static String line(@Nullable String detail) {
        String text = String.valueOf(detail);
        return text.substring(0, Math.min(MAX_DETAIL, text.length())).replaceAll("\\p{Cntrl}", "?");
    }

    public Kind kind() {
        return kind;
    }

    /** Checks magic and version of a header, in the order in which a creator writes them. */
    public static void check(
            Path path, long magic, long wantedMagic, int version, int wantedVersion)
            throws LayoutException {
        if (magic == 0) {
            throw new LayoutException(Kind.BEING_CREATED, path, "magic=0");
        }
        if (magic != wantedMagic) {
            throw new LayoutException(
                    Kind.CORRUPT,
                    path,
                    "magic="
                            + Long.toHexString(magic)
                            + " wanted="
                            + Long.toHexString(wantedMagic));
        }
        if (version != wantedVersion) {
            throw new LayoutException(
                    version < wantedVersion ? Kind.TOO_OLD : Kind.TOO_NEW,
                    path,
                    "layoutVersion=" + version + " wanted=" + wantedVersion);
        }
    }
}
