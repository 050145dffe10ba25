package io.fluxfoam.evaluator;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.HoldoutKind;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Saved retrieval figures of an evaluator, for tests that damage them. */
public final class RetrievalFiles {
    private RetrievalFiles() {}

    /** Saves a good one in this directory; returns its file. */
    public static Path save(Path directory) throws IOException {
        RetrievalEvaluator exam = new RetrievalEvaluator(null);
        Candidates candidates =
                Candidates.of(
                        new CandidateSet(
                                "seen", HoldoutKind.SENTENCES, List.of("red dog", "blue cat")),
                        new CandidateSet("unseen", HoldoutKind.SENTENCES, List.of("red fox")));
        exam.candidates(1, candidates.text());
        new RetrievalFile(directory).save(exam.record());
        return directory.resolve("exam");
    }

    /** Reads it as an evaluator does. */
    public static void load(Path directory) throws IOException {
        new RetrievalFile(directory).load();
    }
}
