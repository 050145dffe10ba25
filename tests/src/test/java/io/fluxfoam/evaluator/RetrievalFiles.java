package io.fluxfoam.evaluator;

import java.io.IOException;
import java.nio.file.Path;

/** Saved retrieval figures of an evaluator, for tests that damage them. */
public final class RetrievalFiles {
    private RetrievalFiles() {}

    /** Saves a good one in this directory; returns its file. */
    public static Path save(Path directory) throws IOException {
        RetrievalEvaluator exam = new RetrievalEvaluator(null);
        exam.candidates(1, "seen\tred dog\nseen\tblue cat\nunseen\tred fox\n");
        new RetrievalFile(directory).save(exam.record());
        return directory.resolve("exam");
    }

    /** Reads it as an evaluator does. */
    public static void load(Path directory) throws IOException {
        new RetrievalFile(directory).load();
    }
}
