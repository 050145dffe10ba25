package io.fluxfoam.evaluator;

import java.io.IOException;
import java.nio.file.Path;

/** Exams of an evaluator, for tests that damage them. */
public final class ExamFiles {
    private ExamFiles() {}

    /** Saves a good one in this directory; returns its file. */
    public static Path save(Path directory) throws IOException {
        SentenceExam exam = new SentenceExam(null);
        exam.candidates(1, "seen\tred dog\nseen\tblue cat\nunseen\tred fox\n");
        new ExamFile(directory).save(exam.record());
        return directory.resolve("exam");
    }

    /** Reads it as an evaluator does. */
    public static void load(Path directory) throws IOException {
        new ExamFile(directory).load();
    }
}
