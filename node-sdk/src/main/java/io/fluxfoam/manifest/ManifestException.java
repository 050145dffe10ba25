package io.fluxfoam.manifest;

import java.io.IOException;
import java.nio.file.Path;

/** A manifest file that cannot be read, and why. */
public final class ManifestException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is wrong with the file. */
    public enum Reason {
        /** The bytes are not those that a node published. */
        CORRUPT,
        /** Written in a layout that this version no longer reads. */
        TOO_OLD,
        /** Written in a layout that this version does not know yet. */
        TOO_NEW
    }

    /** What is wrong with the file. */
    private final Reason reason;

    ManifestException(Reason reason, Path file, String detail, Throwable cause) {
        super("manifest " + reason.name().toLowerCase().replace('_', ' ') + ": " + detail + " file=" + file, cause);
        this.reason = reason;
    }

    /** What is wrong with the file. */
    public Reason reason() {
        return reason;
    }
}
