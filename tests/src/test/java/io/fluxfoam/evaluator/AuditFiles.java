package io.fluxfoam.evaluator;

import java.io.IOException;
import java.nio.file.Path;

/** Audits of an evaluator, for tests that damage them. */
public final class AuditFiles {
    private AuditFiles() {}

    /** Saves a good one in this directory; returns its file. */
    public static Path save(Path directory) throws IOException {
        new AuditFile(directory, 1).save(new HoldoutAudit());
        return directory.resolve("audit");
    }

    /** Reads it as an evaluator does. */
    public static void load(Path directory) throws IOException {
        new AuditFile(directory, 1).load();
    }
}
