package io.fluxfoam.student;

import io.fluxfoam.distill.EvaluatorWords;
import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Routing;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.node.Node;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the evaluators hold of the teachers. Of several evaluators the student asks for each teacher
 * the most reliable one; of two that are as good the severer word holds; one that is more often
 * wrong than right on a teacher is not asked. How reliable one is, the others say: its own figure
 * counts only while it is alone. Belongs to the duty cycle.
 */
final class VerdictLinks {
    private final EvaluatorWords<TeacherVerdict> verdicts;
    private final EvaluatorWords<JudgeReliability> reliabilities;

    VerdictLinks(Node node) {
        verdicts = new EvaluatorWords<>(node, LoopStreams.VERDICTS, TeacherVerdict::parse);
        reliabilities =
                new EvaluatorWords<>(node, LoopStreams.RELIABILITIES, JudgeReliability::parse);
    }

    /** Looks for evaluators that have come. */
    void follow() {
        verdicts.follow();
        reliabilities.follow();
    }

    /** Takes what is new, one word of each evaluator; returns how many there were. */
    int read(long nowNs) {
        return verdicts.read(nowNs) + reliabilities.read(nowNs);
    }

    /** What is held of a teacher now; empty if nobody that is asked says anything of it. */
    Optional<TeacherVerdict> of(String teacher, long nowNs) {
        Map<String, TeacherVerdict> said = new HashMap<>();
        verdicts.held(nowNs)
                .forEach((judge, all) ->
                        all.stream()
                                .filter(one -> one.teacher().equals(teacher))
                                .forEach(one -> said.put(judge, one)));
        Map<String, List<JudgeReliability>> measured = reliabilities.held(nowNs);
        Map<String, Double> known = new HashMap<>();
        said.keySet().forEach(judge -> known.put(judge, reliability(judge, teacher, measured)));
        return Routing.asked(known).stream()
                .map(said::get)
                .min(Comparator.comparingDouble(TeacherVerdict::weight));
    }

    /** The middle one of what others say of it, else what it says itself, else the unknown's. */
    private static double reliability(
            String judge, String teacher, Map<String, List<JudgeReliability>> measured) {
        List<Double> ofOthers =
                measured.entrySet().stream()
                        .filter(source -> !source.getKey().equals(judge))
                        .flatMap(source -> said(source.getValue(), judge, teacher).stream())
                        .sorted()
                        .toList();
        if (!ofOthers.isEmpty()) {
            return ofOthers.get((ofOthers.size() - 1) / 2);
        }
        return said(measured.getOrDefault(judge, List.of()), judge, teacher)
                .orElse(JudgeReliability.UNKNOWN);
    }

    private static Optional<Double> said(List<JudgeReliability> all, String judge, String teacher) {
        return all.stream()
                .filter(one -> one.judge().equals(judge) && one.teacher().equals(teacher))
                .map(JudgeReliability::reliability)
                .findFirst();
    }
}
