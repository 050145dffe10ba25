package io.fluxfoam.student.growth;

import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.node.Node;
import io.fluxfoam.student.train.Progress;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Tells what came of each trial of a wider student, in the log and in the journal. Belongs to the
 * duty cycle.
 */
public final class GrowthReport {
    /** What a journal calls a trial of growth. */
    public static final String KIND = "growth";

    private static final String GROWN = "grown";

    private final Node node;
    private Progress.Verdict told;

    public GrowthReport(Node node) {
        this.node = node;
    }

    /** Tells the last verdict, if it is a new one. */
    public void tell(Progress progress) {
        Progress.Verdict verdict = progress.verdict();
        if (verdict == told) {
            return;
        }
        told = verdict;
        System.out.printf(
                Locale.ROOT,
                "%s: %s width=%s tried=%s gain=%.3f step=%d parameters=%d%n",
                node.name(),
                verdict.grown() ? "grew" : "did not grow",
                verdict.from(),
                verdict.to(),
                verdict.gain(),
                verdict.step(),
                progress.parameters());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put(LoopCounters.STEP.label(), verdict.step());
        facts.put("from", verdict.from().share());
        facts.put("to", verdict.to().share());
        facts.put("gain", verdict.gain());
        facts.put(GROWN, verdict.grown());
        try {
            node.journal().append(KIND, facts);
        } catch (IOException e) {
            node.error(e); // a full disk must not end learning
        }
    }

    /** Whether a trial's facts in a journal say that the student grew. */
    public static boolean hasGrown(String facts) {
        return facts.contains('"' + GROWN + "\":true");
    }
}
