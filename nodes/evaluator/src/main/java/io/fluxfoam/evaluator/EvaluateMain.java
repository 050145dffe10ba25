package io.fluxfoam.evaluator;

import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.journal.JsonLine;
import io.fluxfoam.launch.Commands;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ./foam evaluate}: the verdicts of a tape. */
@Command(
        name = "foam evaluate",
        mixinStandardHelpOptions = true,
        description =
                "Give the verdicts on the teachers of a tape, as an evaluator of the foam would have"
                        + " given them: each time a verdict became another one, and how all ended. The"
                        + " same tape gives the same verdicts.")
public final class EvaluateMain implements Callable<Integer> {
    @Option(
            names = "--tape",
            paramLabel = "DIR",
            required = true,
            description = "A tape that ./foam record has made.")
    private Path tape = Path.of("");

    @Option(names = "--json", description = "Write JSON.")
    private boolean json;

    private EvaluateMain() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(Commands.execute(line(), args));
    }

    static CommandLine line() {
        return Commands.line(new EvaluateMain());
    }

    @Override
    public Integer call() throws Exception {
        TapeEvaluation evaluation =
                TapeEvaluation.of(tape, TapeEvaluation.Alteration.NONE, System.err::println);
        if (json) {
            System.out.println(JsonLine.of(facts(evaluation)));
        } else {
            evaluation.turns().forEach(turn -> print(turn.frame(), turn.verdict()));
            System.out.println("at the end, after tensors=" + evaluation.tensors());
            evaluation.verdicts().forEach(verdict -> print(TeacherVerdict.NONE, verdict));
            evaluation.reliabilities().forEach(EvaluateMain::print);
        }
        return 0;
    }

    private static void print(long frame, TeacherVerdict verdict) {
        System.out.printf(
                "%-16s  %-16s  %-12s  %.3f  %s%n",
                frame == TeacherVerdict.NONE ? "" : "frame " + frame,
                verdict.teacher(),
                verdict.state().text(),
                verdict.weight(),
                verdict.reason());
    }

    private static void print(JudgeReliability one) {
        System.out.printf(
                "%s was right about %s: %.3f, by %d blocks of held-out frames%n",
                one.judge(), one.teacher(), one.reliability(), one.golds());
    }

    private static Map<String, Object> facts(TapeEvaluation evaluation) {
        List<Object> turns = new ArrayList<>();
        for (TapeEvaluation.Turn turn : evaluation.turns()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("frame", turn.frame());
            facts.putAll(VerdictReader.facts(turn.verdict()));
            turns.add(facts);
        }
        Map<String, Object> teachers = new LinkedHashMap<>();
        for (TeacherVerdict verdict : evaluation.verdicts()) {
            Map<String, Object> facts = VerdictReader.facts(verdict);
            facts.put("failedFrames", evaluation.failedFrames(verdict.teacher()));
            teachers.put(verdict.teacher(), facts);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("tensors", evaluation.tensors());
        all.put("turns", turns);
        all.put("teachers", teachers);
        all.put("judges", judges(evaluation));
        return all;
    }

    private static Map<String, Map<String, Object>> judges(TapeEvaluation evaluation) {
        Map<String, Map<String, Object>> judges = new LinkedHashMap<>();
        for (JudgeReliability one : evaluation.reliabilities()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("reliability", one.reliability());
            facts.put("golds", one.golds());
            judges.computeIfAbsent(one.judge(), _ -> new LinkedHashMap<>())
                    .put(one.teacher(), facts);
        }
        return judges;
    }
}
